using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Rewards;

internal sealed partial class FeedbackQueue
{
    [LoggerMessage(2111, LogLevel.Warning, "Feedback of tenant {Tenant} cannot be recorded at the moment; it is kept on disk and tried again. {Reason}")]
    private static partial void LogDeferred(ILogger logger, string tenant, string reason);

    [LoggerMessage(2112, LogLevel.Information, "{Count} pieces of feedback of tenant {Tenant} that had waited on disk are recorded; {Refused} of them were refused.")]
    private static partial void LogRecorded(ILogger logger, string tenant, int count, int refused);

    [LoggerMessage(2113, LogLevel.Warning, "Feedback of tenant {Tenant} on disk cannot all be read. {Reason}")]
    private static partial void LogUnreadable(ILogger logger, Exception? error, string tenant, string reason);

    [LoggerMessage(2114, LogLevel.Error, "Feedback of tenant {Tenant} that had waited on disk is refused, and dropped. {Reason}")]
    private static partial void LogRefused(ILogger logger, string tenant, string reason);
}
