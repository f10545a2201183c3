using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Sqlite;

internal sealed partial class SqliteWriter
{
    [LoggerMessage(3003, LogLevel.Error, "A failed transaction could not be rolled back.")]
    private partial void LogRollbackFailed(Exception error);
}
