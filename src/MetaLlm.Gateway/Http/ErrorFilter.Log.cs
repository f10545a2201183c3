using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Http;

internal sealed partial class ErrorFilter
{
    [LoggerMessage(5001, LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(5002, LogLevel.Warning, "{Method} {Path} could not be served; the client was told to come again. {Reason} ({Unsaid} more since the last such line.)")]
    private static partial void LogUnavailable(ILogger logger, string method, string path, string reason, int unsaid);
}
