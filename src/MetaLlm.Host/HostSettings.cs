using System.ComponentModel.DataAnnotations;
using System.Net;
using System.Text.Json.Serialization;
using MetaLlm.Embeddings;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage;

namespace MetaLlm.Host;

/// <summary>The whole configuration of a process that is a gateway, a silo, or both.</summary>
public sealed class HostSettings : MetaLlmSettings
{
    private const string DefaultListen = "http://127.0.0.1:8080";

    /// <summary>Addresses to listen on, each <c>http://ADDRESS:PORT</c> with an IP address or <c>localhost</c>. TLS ends in front of the gateway.</summary>
    [NeedsRestart, JsonPropertyName("listen")]
    public IReadOnlyList<string> ListenTexts { get; init; } = [DefaultListen];

    /// <summary>The engine that holds tenants. There is one, so that the member may be left out.</summary>
    [NeedsRestart, AllowedValues("orleans")]
    public string Engine { get; init; } = "orleans";

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

    /// <summary>Addresses to listen on.</summary>
    public IReadOnlyList<Uri> Listen { get; private set; } = [];

    /// <summary>A silo serves whichever tenants the gateways have set up.</summary>
    protected override bool NeedsTenants => Role != NodeRole.Silo;

    /// <inheritdoc/>
    public override void Complete(SettingsContext context, SettingsErrors errors)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(errors);
        base.Complete(context, errors);
        Listen = ReadListen(context.Listen ?? ListenTexts, errors.At("listen"));
        Storage.Complete(context.DataDirectory, errors.At("storage"));
        Cluster.Complete(Storage.ConnectionEnvironment?.Value, errors.At("cluster"));
        if (AnonymousTenant is not null && Listen.FirstOrDefault(a => !a.IsLoopback) is { } address)
        {
            errors.Add("anonymousTenant", $"is '{AnonymousTenant}' while the gateway listens on {address}; callers without a key are served on loopback only.");
        }

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

    private static List<Uri> ReadListen(IReadOnlyList<string> texts, SettingsErrors errors)
    {
        if (texts.Count == 0)
        {
            errors.Add(null, "is empty; at least one address is needed.");
        }

        var addresses = new List<Uri>();
        for (var i = 0; i < texts.Count; i++)
        {
            if (Uri.TryCreate(texts[i], UriKind.Absolute, out var uri) && uri.Scheme == Uri.UriSchemeHttp
                && uri.AbsolutePath == "/" && (IPAddress.TryParse(uri.DnsSafeHost, out _) || uri.Host == "localhost"))
            {
                addresses.Add(uri);
            }
            else
            {
                errors.At(i).Add(null, $"is '{texts[i]}'; it must be http://ADDRESS:PORT with an IP address or localhost (TLS ends in front of the gateway).");
            }
        }

        return addresses;
    }
}
