using MetaLlm.Embeddings;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage;

namespace MetaLlm;

/// <summary>The configuration of a process that is a gateway, a silo, or both.</summary>
public class NodeSettings : MetaLlmSettings
{
    /// <summary>What this process does in a cluster.</summary>
    [NeedsRestart]
    public NodeRole Role { get; init; }

    /// <summary>The cluster that this process is a part of.</summary>
    [NeedsRestart]
    public ClusterSettings Cluster { get; init; } = new();

    /// <summary>Where data are kept.</summary>
    [NeedsRestart]
    public StorageSettings Storage { get; init; } = new();

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
        Cluster.Complete(Storage.ConnectionEnvironment?.Value, errors.At("cluster"));
        foreach (var (name, upstream) in Upstreams.Where(u => Role != NodeRole.Gateway && u.Value.TotalTimeout > Runtime.Tenants.UnsettledLimit))
        {
            errors.At("upstreams").At(name).Add(
                "totalTimeoutSeconds",
                $"is {upstream.TotalTimeout.TotalSeconds}; it must be at most runtime.unsettledLimitSeconds ({Runtime.Tenants.UnsettledLimit.TotalSeconds}), after which a call counts as lost.");
        }

        if (Cluster.Options.Membership == ClusterMembership.Postgres && Storage.Kind != StorageKind.Postgres)
        {
            errors.At("cluster").Add("membership", "is postgres, but storage.kind is sqlite; silos that find each other must share a postgres storage.");
        }
    }
}
