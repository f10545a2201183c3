using System.Text.Json.Nodes;
using Aspire.Hosting.ApplicationModel;
using MetaLlm.Aspire.Hosting;

namespace Aspire.Hosting;

/// <summary>Adds tenants to a router, and says what they may use.</summary>
public static class MetaLlmTenantBuilderExtensions
{
    /// <summary>Adds a tenant. Applications that refer to it get its address and its key in one connection string.</summary>
    /// <typeparam name="T">The kind of router.</typeparam>
    /// <param name="router">The router.</param>
    /// <param name="name">Its name among the resources, and its id.</param>
    /// <param name="key">The key that its callers send, of at least 16 characters.</param>
    public static IResourceBuilder<MetaLlmTenantResource> AddTenant<T>(
        this IResourceBuilder<T> router, [ResourceName] string name, IResourceBuilder<ParameterResource> key)
        where T : IMetaLlmResource
    {
        ArgumentNullException.ThrowIfNull(router);
        ArgumentNullException.ThrowIfNull(key);
        var variable = RouterNodes.Variable("TENANT", name);
        var settings = new JsonObject { ["id"] = name, ["keyEnvironments"] = new JsonArray(variable), ["arms"] = new JsonArray() };
        router.Resource.Configuration.Add("tenants", settings);
        router.WithEnvironment(variable, key);
        return router.ApplicationBuilder.AddResource(new MetaLlmTenantResource(name, router.Resource, key.Resource, settings)).ExcludeFromManifest();
    }

    /// <summary>Adds a model of the tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">Its id, which clients see.</param>
    /// <param name="upstream">The upstream that has it.</param>
    /// <param name="inputUsdPerMillion">Price of a million input tokens, USD.</param>
    /// <param name="outputUsdPerMillion">Price of a million output tokens, USD.</param>
    /// <param name="configure">Sets other members, such as <c>model</c>, its name at the upstream; null to set none.</param>
    public static IResourceBuilder<MetaLlmTenantResource> WithModel(
        this IResourceBuilder<MetaLlmTenantResource> tenant, string id, string upstream, double inputUsdPerMillion, double outputUsdPerMillion, Action<JsonObject>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        var arm = new JsonObject { ["id"] = id, ["upstream"] = upstream, ["inputUsdPerMillion"] = inputUsdPerMillion, ["outputUsdPerMillion"] = outputUsdPerMillion };
        configure?.Invoke(arm);
        ((JsonArray)tenant.Resource.Settings["arms"]!).Add(arm);
        return tenant;
    }

    /// <summary>Says what the tenant may spend.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="usdPerRequest">Mean spend for each request, USD; null for no such limit.</param>
    /// <param name="usdPerDay">Spend of a day, USD; null for no such limit.</param>
    public static IResourceBuilder<MetaLlmTenantResource> WithBudget(this IResourceBuilder<MetaLlmTenantResource> tenant, double? usdPerRequest = null, double? usdPerDay = null)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        var budget = new JsonObject();
        foreach (var (name, usd) in new[] { ("usdPerRequest", usdPerRequest), ("usdPerDay", usdPerDay) }.Where(limit => limit.Item2 is not null))
        {
            budget[name] = usd;
        }

        tenant.Resource.Settings["budget"] = budget;
        return tenant;
    }

    /// <summary>Sets any member of the tenant.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="configure">Changes the tenant, whose members <c>docs/configuration.md</c> lists.</param>
    public static IResourceBuilder<MetaLlmTenantResource> WithSettings(this IResourceBuilder<MetaLlmTenantResource> tenant, Action<JsonObject> configure)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(configure);
        configure(tenant.Resource.Settings);
        return tenant;
    }
}
