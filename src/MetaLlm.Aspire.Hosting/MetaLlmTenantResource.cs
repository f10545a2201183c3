using System.Text.Json.Nodes;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A tenant of a router. Its connection string has the router's address and the tenant's key: <c>Endpoint=http://…/v1;Key=…</c>.</summary>
/// <param name="name">Its name among the resources.</param>
/// <param name="router">The router.</param>
/// <param name="key">The tenant's key.</param>
/// <param name="settings">The tenant as the router's configuration has it.</param>
public sealed class MetaLlmTenantResource(string name, IMetaLlmResource router, ParameterResource key, JsonObject settings)
    : Resource(name), IResourceWithConnectionString, IResourceWithParent<IMetaLlmResource>
{
    /// <inheritdoc/>
    public IMetaLlmResource Parent => router;

    /// <summary>The tenant as the router's configuration has it.</summary>
    public JsonObject Settings => settings;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression => ReferenceExpression.Create($"Endpoint={router.GetEndpoint("http")}/v1;Key={key}");
}
