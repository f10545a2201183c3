using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>
/// A configuration for tests: the simulator without waiting, word hashing for embeddings, two tenants with the same three arms.
/// </summary>
internal static class TestConfiguration
{
    public const string AlphaKey = "alpha-key-0123456789";
    public const string BetaKey = "beta-key-0123456789";
    public const string AdminKey = "admin-key-0123456789";
    public static readonly string[] Arms = ["sim-nano", "sim-lingo", "sim-coder"];

    public static string? Variable(string name) => name switch
    {
        "TEST_ALPHA_KEY" => AlphaKey,
        "TEST_BETA_KEY" => BetaKey,
        "TEST_ADMIN_KEY" => AdminKey,
        _ => null,
    };

    public static JsonObject Create(double timeScale = 0) => new()
    {
        ["MetaLlm"] = new JsonObject
        {
            ["listen"] = new JsonArray("http://127.0.0.1:0"),
            ["storage"] = new JsonObject { ["path"] = "unused.db" },
            ["embeddings"] = new JsonObject { ["modelDirectory"] = "no-model-so-that-words-are-hashed", ["allowHashingFallback"] = true },
            ["routing"] = new JsonObject { ["failureThreshold"] = 100, ["coolDownSeconds"] = 60, ["maxCoolDownSeconds"] = 600, ["longestWaitSeconds"] = 60 },
            ["limits"] = new JsonObject { ["bodyBytes"] = 65536, ["feedbackItems"] = 20 },
            ["upstreams"] = new JsonObject
            {
                ["sim"] = new JsonObject { ["kind"] = "simulator", ["timeScale"] = timeScale, ["firstByteTimeoutSeconds"] = 2, ["idleTimeoutSeconds"] = 5, ["totalTimeoutSeconds"] = 20 },
                ["hasty"] = new JsonObject { ["kind"] = "openai", ["baseUrl"] = "http://127.0.0.1:9/v1", ["connectTimeoutSeconds"] = 1, ["connectRetries"] = 0 },
            },
            ["tenants"] = new JsonArray(Tenant("alpha", "TEST_ALPHA_KEY"), Tenant("beta", "TEST_BETA_KEY")),
        },
    };

    public static JsonObject Tenant(string id, string keyVariable) => new()
    {
        ["id"] = id,
        ["keyEnvironments"] = new JsonArray(keyVariable),
        ["seed"] = 7,
        ["arms"] = new JsonArray([.. Arms.Select(arm => Arm(arm))]),
    };

    public static JsonObject Arm(string id, string? model = null, string upstream = "sim") => new()
    {
        ["id"] = id,
        ["upstream"] = upstream,
        ["model"] = model ?? id,
        ["inputUsdPerMillion"] = 1.0,
        ["outputUsdPerMillion"] = 2.0,
    };

    /// <summary>The section's tenants, for tests that change one.</summary>
    public static JsonObject TenantAt(JsonObject configuration, int index) =>
        configuration["MetaLlm"]!["tenants"]![index]!.AsObject();
}
