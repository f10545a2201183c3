using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    [LoggerMessage(2021, LogLevel.Warning, "The state of tenant {Tenant} is dropped and rebuilt from the journal at the next call. {Reason}")]
    private partial void LogDropped(Exception? defect, string tenant, string reason);

    [LoggerMessage(2026, LogLevel.Warning, "The policy of tenant {Tenant} starts anew because of a change of {Members}. It had learned from {Forgotten}, and {Consequence}.")]
    private partial void LogRestarts(string tenant, string members, string forgotten, string consequence);

    [LoggerMessage(2025, LogLevel.Warning, "Arm {Arm} leaves tenant {Tenant}. What was learned of it from {Decisions} decisions and {Rewards} rewards goes with it: an arm that has another id only needs renamedFrom, and one that comes back can be learned again.")]
    private partial void LogLeaves(string tenant, string arm, long decisions, long rewards);

    [LoggerMessage(2023, LogLevel.Debug, "{Count} decisions of tenant {Tenant} have had no feedback in time; they got the configured default.")]
    private partial void LogDefaulted(string tenant, int count);

    [LoggerMessage(2022, LogLevel.Warning, "{Count} decisions of tenant {Tenant} were never settled; calls of the gateway are charged what was predicted.")]
    private partial void LogExpired(string tenant, int count);
}
