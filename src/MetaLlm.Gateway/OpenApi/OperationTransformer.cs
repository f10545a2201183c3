using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Completes an operation with what no metadata of the framework says: its name, its headers, its key, and bodies that may be one of several.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    private const string Ok = "200";
    private const string Json = "application/json";

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var described = metadata.OfType<ApiOperation>().Single();
        operation.OperationId = described.Id;
        operation.Parameters = [.. operation.Parameters ?? [], .. described.RequestHeaders.Select(Parameter)];
        operation.RequestBody = await BodyAsync(described, context, cancellationToken).ConfigureAwait(false);
        foreach (var response in metadata.OfType<IProducesResponseTypeMetadata>().Where(response => response.Description is not null))
        {
            operation.Responses![response.StatusCode.ToString(CultureInfo.InvariantCulture)].Description = response.Description;
        }

        var answer = (OpenApiResponse)operation.Responses![Ok];
        if (described.Answers.Count > 1)
        {
            answer.Content![Json].Schema = await OneOfAsync(described.Answers, orList: false, context, cancellationToken).ConfigureAwait(false);
        }

        AddTextAndHeaders(answer, described);
        if (metadata.OfType<AuthorizationPolicy>().SingleOrDefault() is { } policy)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(policy.AuthenticationSchemes[0], context.Document)] = [] }];
        }
    }

    private static void AddTextAndHeaders(OpenApiResponse answer, ApiOperation described)
    {
        if (described.TextAnswer is { } text)
        {
            answer.Content ??= new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
            answer.Content[text] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        if (described.ResponseHeaders.Count > 0)
        {
            answer.Headers = described.ResponseHeaders.ToDictionary(header => header.Name, Header);
        }
    }

    /// <summary>
    /// Bodies are read by hand, so that the framework knows none. It is not told by metadata either: routing would then refuse other media types
    /// itself, and not as OpenAI clients know it.
    /// </summary>
    private static async Task<OpenApiRequestBody?> BodyAsync(ApiOperation described, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        if (described.Bodies.Count == 0)
        {
            return null;
        }

        var schema = await OneOfAsync(described.Bodies, described.OrList, context, cancellationToken).ConfigureAwait(false);
        return new OpenApiRequestBody
        {
            Required = true,
            Content = described.MediaTypes.ToDictionary(
                type => type, _ => new OpenApiMediaType { Schema = schema, Example = described.Example is { } example ? JsonNode.Parse(example) : null }),
        };
    }

    private static async Task<IOpenApiSchema> OneOfAsync(
        IReadOnlyList<Type> types, bool orList, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schemas = new List<IOpenApiSchema>(types.Count + 1);
        foreach (var type in types)
        {
            schemas.Add(await OfAsync(type, context, cancellationToken).ConfigureAwait(false));
        }

        if (orList)
        {
            schemas.Add(new OpenApiSchema { Type = JsonSchemaType.Array, Items = schemas[0], MinItems = 1 });
        }

        return schemas is [var only] ? only : new OpenApiSchema { OneOf = schemas };
    }

    /// <summary>A type's schema, written once in the document and referred to from then on.</summary>
    private static async Task<IOpenApiSchema> OfAsync(Type type, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var schema = await context.GetOrCreateSchemaAsync(type, null, cancellationToken).ConfigureAwait(false);
        var id = (string)schema.Metadata!["x-schema-id"];
        context.Document!.AddComponent(id, schema);
        return new OpenApiSchemaReference(id, context.Document);
    }

    private static OpenApiParameter Parameter(ApiHeader header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static IOpenApiHeader Header(ApiHeader header) =>
        new OpenApiHeader { Description = header.Description, Required = header.IsAlways, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
