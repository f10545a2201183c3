using System.Net;
using System.Text.Json.Nodes;

namespace MetaLlm.Chaos.Cluster;

/// <summary>The configuration of the cluster's hosts.</summary>
internal static class HostConfiguration
{
    /// <summary>Environment variable of hosts that holds the connection string.</summary>
    public const string DatabaseVariable = "CHAOS_DATABASE";

    /// <summary>Environment variable of hosts that holds the key to the metrics.</summary>
    public const string MetricsVariable = "CHAOS_METRICS_KEY";

    /// <summary>Environment variable of hosts that holds the key that manages tenants.</summary>
    public const string AdminVariable = "CHAOS_ADMIN_KEY";

    private const double TimeScale = 0.01;
    private static readonly string[] Arms = ["sim-nano", "sim-lingo", "sim-coder"];

    /// <summary>Makes the configuration of one host.</summary>
    /// <param name="address">Where it runs.</param>
    /// <param name="siloPort">Port for silos.</param>
    /// <param name="gatewayPort">Port for clients of the cluster.</param>
    /// <param name="clusterId">Silos of one name form a cluster.</param>
    /// <param name="tenants">How many tenants it serves.</param>
    public static JsonObject Create(IPAddress address, int siloPort, int gatewayPort, string clusterId, int tenants) => new()
    {
        ["MetaLlm"] = new JsonObject
        {
            ["storage"] = new JsonObject { ["kind"] = "postgres", ["connectionEnvironment"] = DatabaseVariable },
            ["embeddings"] = new JsonObject { ["modelDirectory"] = "no-model-so-that-words-are-hashed", ["allowHashingFallback"] = true },
            ["admin"] = new JsonObject { ["keyEnvironment"] = AdminVariable },
            ["metrics"] = new JsonObject { ["keyEnvironment"] = MetricsVariable },
            ["cluster"] = new JsonObject
            {
                ["clusterId"] = clusterId,
                ["membership"] = "postgres",
                ["advertisedAddress"] = address.ToString(),
                ["siloPort"] = siloPort,
                ["gatewayPort"] = gatewayPort,
            },
            ["upstreams"] = new JsonObject { ["sim"] = new JsonObject { ["kind"] = "simulator", ["timeScale"] = TimeScale } },
            ["tenants"] = new JsonArray([.. Enumerable.Range(0, tenants).Select(Tenant)]),
        },
    };

    private static JsonObject Tenant(int tenant) => new()
    {
        ["id"] = TenantKeys.Id(tenant),
        ["keyEnvironments"] = new JsonArray(TenantKeys.Variable(tenant)),
        ["seed"] = tenant,
        ["arms"] = new JsonArray([.. Arms.Select(Arm)]),
    };

    private static JsonObject Arm(string id) => new()
    {
        ["id"] = id,
        ["upstream"] = "sim",
        ["model"] = id,
        ["inputUsdPerMillion"] = 1.0,
        ["outputUsdPerMillion"] = 2.0,
    };
}
