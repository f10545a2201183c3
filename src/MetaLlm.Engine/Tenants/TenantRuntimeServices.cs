using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Tenants;

/// <summary>What every tenant's runtime shares.</summary>
/// <param name="journal">The durable truth.</param>
/// <param name="snapshots">Shortens recovery.</param>
/// <param name="embedder">Tells which embedding model is loaded.</param>
/// <param name="time">The clock.</param>
/// <param name="options">Validated options.</param>
/// <param name="metrics">Counts.</param>
/// <param name="logger">Log of all runtimes.</param>
public sealed class TenantRuntimeServices(
    ITenantJournal journal,
    ISnapshotStore snapshots,
    IEmbedder embedder,
    TimeProvider time,
    IOptions<TenantRuntimeOptions> options,
    EngineMetrics metrics,
    ILogger<TenantRuntime> logger)
{
    internal ITenantJournal Journal { get; } = journal;

    internal ISnapshotStore Snapshots { get; } = snapshots;

    internal EmbeddingModelInfo Model { get; } = embedder.Model;

    internal TimeProvider Time { get; } = time;

    internal TenantRuntimeOptions Options { get; } = options.Value;

    internal EngineMetrics Metrics { get; } = metrics;

    internal ILogger Logger { get; } = logger;
}
