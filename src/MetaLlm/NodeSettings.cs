using MetaLlm.Embeddings;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.SharedLearning;
using MetaLlm.Engine.Tenants;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage;

namespace MetaLlm;

/// <summary>The configuration of a process that is a gateway, a silo, or both.</summary>
public class NodeSettings : MetaLlmSettings
{
    /// <summary>For the settlement of a call to arrive, retries included.</summary>
    private static readonly TimeSpan SettlementTime = TimeSpan.FromMinutes(1);

    /// <summary>What this process does in a cluster.</summary>
    [NeedsRestart]
    public NodeRole Role { get; init; }

    /// <summary>The cluster that this process is a part of.</summary>
    [NeedsRestart]
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Where data are kept.</summary>
    [NeedsRestart]
    public StorageSettings Storage { get; init; } = new();

    /// <summary>How long decisions are kept.</summary>
    [NeedsRestart]
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>How sums are pooled among tenants whose <c>shareLearning</c> says so.</summary>
    [NeedsRestart]
    public SharedLearningOptions SharedLearning { get; init; } = new();

    /// <summary>How a silo keeps tenants and works for them.</summary>
    [NeedsRestart]
    public RuntimeSettings Runtime { get; init; } = new();

    /// <summary>Which embedding model runs, and on how many cores.</summary>
    [NeedsRestart]
    public EmbeddingsOptions Embeddings { get; init; } = new();

    /// <summary>A silo serves whichever tenants the gateways have set up.</summary>
    protected override bool NeedsTenants => Role != NodeRole.Silo;

    /// <inheritdoc/>
    public override void Complete(SettingsContext context, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(errors);
        base.Complete(context, errors);
        Storage.Complete(context.DataDirectory, errors.At("storage"));
        Cluster.Complete(Storage, errors.At("cluster"));
        CompleteLimits(errors);
        Routing.StandardSettlementDirectory = Storage.Driver.FileOf(Storage) is { } file && Role != NodeRole.Gateway ? Path.Combine(Path.GetDirectoryName(file)!, "settlements")
            : context.DataDirectory is { } data ? Path.Combine(data, "settlements")
            : null;
    }

    /// <summary>A call ends with the last attempt's upstream limit; that attempt begins within the budget of the call.</summary>
    private void CompleteLimits(SettingsErrors errors)
    {
        var longest = Upstreams.Count == 0 ? TimeSpan.Zero : Upstreams.Values.Max(u => u.TotalTimeout) + Routing.AttemptBudget;
        if (Runtime.Tenants.UnsettledLimit is not { } limit)
        {
            var standard = TenantRuntimeOptions.StandardUnsettledLimit;
            Runtime.Tenants.UnsettledLimit = longest + SettlementTime > standard ? longest + SettlementTime : standard;
            return;
        }

        foreach (var (name, upstream) in Upstreams.Where(u => Role != NodeRole.Gateway && u.Value.TotalTimeout + Routing.AttemptBudget > limit))
        {
            errors.At("upstreams").At(name).Add(
                "totalTimeoutSeconds",
                $"is {upstream.TotalTimeout.TotalSeconds}; with routing.attemptBudgetSeconds ({Routing.AttemptBudget.TotalSeconds}) it must be at most runtime.unsettledLimitSeconds ({limit.TotalSeconds}), after which a call counts as lost.");
        }
    }
}
