using System.Security.Cryptography;
using MetaLlm.Core.Tenancy;
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
    private const int RandomDigits = 20;

    internal ITenantJournal Journal { get; } = journal;

    internal ISnapshotStore Snapshots { get; } = snapshots;

    internal EmbeddingModelInfo Model { get; } = embedder.Model;

    internal TimeProvider Time { get; } = time;

    internal TenantRuntimeOptions Options { get; } = options.Value;

    internal EngineMetrics Metrics { get; } = metrics;

    internal ILogger Logger { get; } = logger;

    /// <summary>The id of a decision. Nobody can guess it: whoever knows it may say what the decision was worth.</summary>
    internal static string NameDecision(string owner, long ordinal) =>
        TenantOwner.DecisionStem(owner, ordinal) + RandomNumberGenerator.GetHexString(RandomDigits, lowercase: true);
}
