using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Postgres;

internal sealed partial class JournalWriter
{
    [LoggerMessage(3103, LogLevel.Information, "A transaction of {Count} writes is run again; nothing of it had been written.")]
    private partial void LogRetry(Exception error, int count);
}
