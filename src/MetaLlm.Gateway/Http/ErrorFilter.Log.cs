using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Http;

internal sealed partial class ErrorFilter
{
    [LoggerMessage(3001, LogLevel.Error, "{Method} {Path} failed.")]
    private static partial void LogFailed(ILogger logger, Exception exception, string method, string path);

    [LoggerMessage(3002, LogLevel.Warning, "{Method} {Path} could not be served; the client was told to come again.")]
    private static partial void LogUnavailable(ILogger logger, Exception exception, string method, string path);
}
