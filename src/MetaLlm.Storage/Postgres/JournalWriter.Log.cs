using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Postgres;

internal sealed partial class JournalWriter
{
    [LoggerMessage(3101, LogLevel.Error, "A commit of {Count} writes failed; their callers were told. {Reason}")]
    private partial void LogCommitFailed(Exception? defect, int count, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "One of {Count} writes broke their common transaction; each is committed alone.")]
    private partial void LogBatchSplit(int count);

    [LoggerMessage(3103, LogLevel.Information, "A transaction of {Count} writes is run again; nothing of it had been written. {Reason}")]
    private partial void LogRetry(int count, string reason);
}
