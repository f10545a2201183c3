using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Postgres;

internal sealed partial class JournalWriter
{
    [LoggerMessage(3104, LogLevel.Warning, "A write of tenant {Tenant} was given up: another process did not let go of the tenant; the caller was told.")]
    private partial void LogLocked(string tenant);

    [LoggerMessage(3103, LogLevel.Information, "A transaction of {Count} writes is run again; nothing of it had been written. {Reason}")]
    private partial void LogRetry(int count, string reason);
}
