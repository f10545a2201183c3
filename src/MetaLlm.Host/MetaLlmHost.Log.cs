namespace MetaLlm.Host;

public sealed partial class MetaLlmHost
{
    [LoggerMessage(8001, LogLevel.Information, "MetaLlm {Version} listens on {Addresses} as {Role}, with storage {Storage}.")]
    private static partial void LogListening(ILogger logger, string? version, string addresses, string role, string storage);

    [LoggerMessage(8002, LogLevel.Warning, "Running calls have outlived the time to drain; they are cut off.")]
    private static partial void LogCutOff(ILogger logger);
}
