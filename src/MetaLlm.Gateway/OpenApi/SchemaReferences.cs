using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Schemas of types, each written once in the document and referred to from then on.</summary>
internal sealed class SchemaReferences(OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
{
    /// <summary>The schema of one of several types.</summary>
    /// <param name="types">At least one.</param>
    /// <param name="orList">Whether a list of the first is one as well.</param>
    public async Task<IOpenApiSchema> OneOfAsync(IReadOnlyList<Type> types, bool orList)
    {
        var schemas = new List<IOpenApiSchema>(types.Count + 1);
        foreach (var type in types)
        {
            schemas.Add(await OfAsync(type).ConfigureAwait(false));
        }

        if (orList)
        {
            schemas.Add(new OpenApiSchema { Type = JsonSchemaType.Array, Items = schemas[0], MinItems = 1 });
        }

        return schemas is [var only] ? only : new OpenApiSchema { OneOf = schemas };
    }

    private async Task<IOpenApiSchema> OfAsync(Type type)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken).ConfigureAwait(false);
        if (schema.Metadata?.TryGetValue("x-schema-id", out var id) != true || id is not string { Length: > 0 } name)
        {
            return schema;
        }

        context.Document!.AddComponent(name, schema);
        return new OpenApiSchemaReference(name, context.Document);
    }
}
