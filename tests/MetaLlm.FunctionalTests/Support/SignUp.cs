using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>Signs tenants up over HTTP.</summary>
internal static class SignUp
{
    /// <summary>A configuration without tenants, whose admin key is <see cref="TestConfiguration.AdminKey"/>.</summary>
    public static JsonObject Configuration(params string[] kept)
    {
        var configuration = TestConfiguration.Create();
        var section = configuration["MetaLlm"]!.AsObject();
        section["admin"] = new JsonObject { ["keyEnvironment"] = "TEST_ADMIN_KEY" };
        section["tenants"] = new JsonArray([.. section["tenants"]!.AsArray().Where(tenant => kept.Contains((string?)tenant!["id"])).Select(tenant => tenant!.DeepClone())]);
        return configuration;
    }

    /// <summary>The document of a tenant with some of the simulator's models.</summary>
    public static JsonObject Document(string id, params string[] models) => new()
    {
        ["id"] = id,
        ["arms"] = new JsonArray([.. (models.Length == 0 ? ["sim-nano", "sim-lingo"] : models).Select(model => TestConfiguration.Arm(model))]),
    };

    /// <summary>Creates a tenant.</summary>
    public static async Task<Reply> CreateAsync(Client admin, string id, params string[] models) =>
        (await admin.SendAsync("POST", "/admin/v1/tenants", Document(id, models).ToJsonString())).Ok();

    /// <summary>Makes a key.</summary>
    /// <returns>Its id and the key itself.</returns>
    public static async Task<(string Id, string Key)> KeyAsync(Client admin, string tenant, object? body = null)
    {
        var made = (await admin.SendAsync("POST", $"/admin/v1/tenants/{tenant}/keys", body)).Ok().Json;
        return (made.GetProperty("id").GetString()!, made.GetProperty("key").GetString()!);
    }
}
