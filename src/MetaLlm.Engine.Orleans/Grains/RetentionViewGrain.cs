using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Reads, and keeps nothing, so that calls may interleave.</summary>
[GrainType("metallm.retention-view")]
[StatelessWorker, Reentrant]
internal sealed class RetentionViewGrain(
    IJournalRetention retention, IOptions<RetentionOptions> options, [FromKeyedServices(LocalServices.Key)] TimeProvider time) : Grain, IRetentionViewGrain
{
    /// <inheritdoc/>
    public async ValueTask<RetentionPlan> PlanAsync(string after, int limit, CancellationToken cancellationToken) => new()
    {
        Days = options.Value.Days,
        AuditDays = options.Value.AuditDays,
        Archives = options.Value.Archive is not null,
        Tenants = options.Value.Days is { } days ? await retention.CountOldAsync(time.GetUtcNow() - TimeSpan.FromDays(days), after, limit, cancellationToken) : [],
    };

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<ArchiveFile>> ListArchiveAsync(string? tenant, int limit, CancellationToken cancellationToken) =>
        options.Value.Archive is { } directory ? await Task.Run(() => new JournalArchive(directory).List(tenant, limit), cancellationToken) : [];
}
