using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>What the policy grains of a silo share, and how each gets its tenant's runtime.</summary>
/// <param name="journal">The durable truth.</param>
/// <param name="embedder">The silo's own model.</param>
/// <param name="time">The clock of decisions and events.</param>
/// <param name="options">Validated options.</param>
/// <param name="engine">Validated options of the silo.</param>
/// <param name="metrics">Counts.</param>
/// <param name="logger">Log of all runtimes.</param>
/// <param name="shared">What tenants give to each other.</param>
internal sealed class TenantRuntimeFactory(
    ITenantJournal journal,
    [FromKeyedServices(LocalServices.Key)] IEmbedder embedder,
    [FromKeyedServices(LocalServices.Key)] TimeProvider time,
    IOptions<TenantRuntimeOptions> options,
    IOptions<OrleansEngineOptions> engine,
    EngineMetrics metrics,
    ILogger<TenantRuntime> logger,
    SharedLearningService shared)
{
    /// <summary>The durable truth.</summary>
    public ITenantJournal Journal { get; } = journal;

    /// <summary>The clock of decisions and events.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Keeps the tenants of a silo, which all meet the same outage, from filling its log.</summary>
    public QuietLog Quiet { get; } = new(time);

    /// <summary>What tenants give to each other.</summary>
    public SharedLearningService Shared { get; } = shared;

    /// <summary>Counts.</summary>
    public EngineMetrics Metrics { get; } = metrics;

    /// <summary>How far a tenant's journal has come: one question for all tenants that ask within a moment.</summary>
    public TenantQuestions<JournalHead> Heads { get; } = new(
        async tenants => (await journal.ReadHeadsAsync(tenants, CancellationToken.None)).ToDictionary(head => head.Tenant, StringComparer.Ordinal),
        Moment(engine.Value.CatchUpPeriod));

    /// <summary>Whether a tenant has calls that should have ended: asked likewise. The answer is true, or missing.</summary>
    public TenantQuestions<bool> Overdue { get; } = new(
        async tenants =>
        {
            var before = time.GetUtcNow() - (options.Value.UnsettledLimit ?? TenantRuntimeOptions.StandardUnsettledLimit);
            return (await journal.FindTenantsWithUnsettledAsync(tenants, before, CancellationToken.None)).ToDictionary(tenant => tenant, _ => true, StringComparer.Ordinal);
        },
        Moment(engine.Value.SweepPeriod));

    /// <summary>A runtime without state.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="snapshots">Where the tenant's snapshots are.</param>
    public TenantRuntime Create(string tenant, ISnapshotStore snapshots) =>
        new(tenant, new TenantRuntimeServices(Journal, snapshots, embedder, Time, options, Metrics, logger));

    /// <summary>A fifth of the period at which each tenant asks, at most a second.</summary>
    private static TimeSpan Moment(TimeSpan period) => period / 5 < TimeSpan.FromSeconds(1) ? period / 5 : TimeSpan.FromSeconds(1);
}
