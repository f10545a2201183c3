using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(3001, LogLevel.Error, "A commit of {Count} writes failed; their callers were told and nothing was written. {Reason}")]
    private partial void LogCommitFailed(Exception? defect, int count, string reason);

    [LoggerMessage(3002, LogLevel.Warning, "One of {Count} writes broke their common transaction; each is committed alone.")]
    private partial void LogBatchSplit(int count);

    [LoggerMessage(3003, LogLevel.Error, "A failed transaction could not be rolled back.")]
    private partial void LogRollbackFailed(Exception error);
}
