using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Configurations whose arms lie at upstreams of the test's own.</summary>
internal static class UpstreamConfiguration
{
    /// <summary>A configuration without tenants. Time limits are short, and no limit is met by a healthy call.</summary>
    /// <param name="upstreams">Address of each upstream, by name.</param>
    public static JsonObject Create(params (string Name, Uri Address)[] upstreams)
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["limits"]!["bodyBytes"] = 1 << 20;
        section["tenants"] = new JsonArray();
        var places = new JsonObject();
        foreach (var (name, address) in upstreams)
        {
            places[name] = new JsonObject
            {
                ["kind"] = "openai",
                ["baseUrl"] = address.ToString(),
                ["connectTimeoutSeconds"] = 2,
                ["connectRetries"] = 0,
                ["firstByteTimeoutSeconds"] = 2,
                ["plainTimeoutSeconds"] = 2,
                ["idleTimeoutSeconds"] = 4,
                ["totalTimeoutSeconds"] = 6,
            };
        }

        section["upstreams"] = places;
        return configuration;
    }

    /// <summary>Adds a tenant that draws its arms.</summary>
    /// <param name="configuration">Where to.</param>
    /// <param name="id">Its name, which its key follows from; see <see cref="Key"/>.</param>
    /// <param name="arms">Its arms.</param>
    /// <returns>The tenant, to change.</returns>
    public static JsonObject AddTenant(JsonObject configuration, string id, params JsonObject[] arms)
    {
        var tenant = new JsonObject
        {
            ["id"] = id,
            ["keyEnvironments"] = new JsonArray($"{KeyVariable}{id}"),
            ["policy"] = "random",
            ["seed"] = 7,
            ["arms"] = new JsonArray([.. arms]),
        };
        configuration["MetaLlm"]!["tenants"]!.AsArray().Add(tenant);
        return tenant;
    }

    public static JsonObject Arm(string id, string upstream, ModelPrice price, string? model = null)
    {
        var arm = TestConfiguration.Arm(id, model, upstream);
        arm["inputUsdPerMillion"] = price.Input;
        arm["cachedInputUsdPerMillion"] = price.CachedInput;
        arm["outputUsdPerMillion"] = price.Output;
        return arm;
    }

    public static string Key(string tenant) => $"key-0123456789-of-{tenant}";

    /// <summary>What the environment holds: the keys of all such tenants.</summary>
    public static string? Variable(string name) =>
        name.StartsWith(KeyVariable, StringComparison.Ordinal) ? Key(name[KeyVariable.Length..]) : TestConfiguration.Variable(name);

    /// <summary>The environment of a host process with these tenants.</summary>
    public static Dictionary<string, string> Environment(IEnumerable<string> tenants) => tenants.ToDictionary(tenant => $"{KeyVariable}{tenant}", Key);

    private const string KeyVariable = "TEST_KEY_OF_";
}
