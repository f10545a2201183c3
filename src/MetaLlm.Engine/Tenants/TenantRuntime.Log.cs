using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    [LoggerMessage(2021, LogLevel.Warning, "The state of tenant {Tenant} is dropped and rebuilt from the journal at the next call. {Reason}")]
    private partial void LogDropped(Exception? defect, string tenant, string reason);

    [LoggerMessage(2023, LogLevel.Debug, "{Count} decisions of tenant {Tenant} have had no feedback in time; they got the configured default.")]
    private partial void LogDefaulted(string tenant, int count);

    [LoggerMessage(2022, LogLevel.Warning, "{Count} decisions of tenant {Tenant} were never settled; calls of the gateway are charged what was predicted.")]
    private partial void LogExpired(string tenant, int count);
}
