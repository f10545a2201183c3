using System.Globalization;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>Completes an operation with what its <see cref="ApiOperation"/> says, and with the errors that follow from the key it needs.</summary>
internal sealed class OperationTransformer : IOpenApiOperationTransformer
{
    private const string Ok = "200";
    private const string Json = "application/json";

    private static readonly ErrorCode[] OfEngine = [ErrorCode.InternalError, ErrorCode.EngineUnavailable, ErrorCode.TenantNotReady];
    private static readonly ErrorCode[] OfTenant = [ErrorCode.MissingApiKey, ErrorCode.InvalidApiKey, .. OfEngine];
    private static readonly ErrorCode[] OfAdmin = [ErrorCode.MissingApiKey, ErrorCode.InvalidApiKey, ErrorCode.ManagementDisabled, ErrorCode.TenantNotFound, .. OfEngine];

    public async Task TransformAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var described = metadata.OfType<ApiOperation>().Single();
        var policy = metadata.OfType<AuthorizationPolicy>().SingleOrDefault();
        var schemas = new SchemaReferences(context, cancellationToken);
        operation.OperationId = described.Id;
        operation.Parameters = [.. operation.Parameters ?? [], .. described.RequestHeaders.Select(Parameter)];
        operation.Responses ??= [];
        await AddBodyAsync(operation, described, schemas).ConfigureAwait(false);
        await AddAnswerAsync(operation, described, schemas).ConfigureAwait(false);
        await AddErrorsAsync(operation, [.. Errors(policy), .. described.Errors], schemas).ConfigureAwait(false);
        if (policy is not null)
        {
            operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(policy.AuthenticationSchemes[0], context.Document)] = [] }];
        }
    }

    private static ErrorCode[] Errors(AuthorizationPolicy? policy) =>
        policy == ApiPolicies.Tenant ? OfTenant : policy == ApiPolicies.Admin ? OfAdmin : [];

    private static OpenApiParameter Parameter(ApiHeader header) => new()
    {
        Name = header.Name,
        In = ParameterLocation.Header,
        Description = header.Description,
        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
    };

    private static async Task AddBodyAsync(OpenApiOperation operation, ApiOperation described, SchemaReferences schemas)
    {
        if (described.Bodies.Count == 0)
        {
            return;
        }

        var schema = await schemas.OneOfAsync(described.Bodies, described.OrList).ConfigureAwait(false);
        operation.RequestBody = new OpenApiRequestBody
        {
            Required = true,
            Content = described.MediaTypes.ToDictionary(type => type, _ => new OpenApiMediaType { Schema = schema }),
        };
    }

    private static async Task AddAnswerAsync(OpenApiOperation operation, ApiOperation described, SchemaReferences schemas)
    {
        var content = new Dictionary<string, OpenApiMediaType>(StringComparer.Ordinal);
        if (described.Answers.Count > 0)
        {
            content[Json] = new OpenApiMediaType { Schema = await schemas.OneOfAsync(described.Answers, orList: false).ConfigureAwait(false) };
        }

        if (described.TextAnswer is { } text)
        {
            content[text] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        if (content.Count > 0)
        {
            operation.Responses![Ok] = new OpenApiResponse { Description = "OK", Content = content };
        }

        if (described.ResponseHeaders.Count > 0)
        {
            ((OpenApiResponse)operation.Responses![Ok]).Headers = described.ResponseHeaders.ToDictionary(header => header.Name, Header);
        }

        if (described.Unavailable is { } unavailable)
        {
            var schema = await schemas.OneOfAsync([unavailable], orList: false).ConfigureAwait(false);
            operation.Responses!["503"] = new OpenApiResponse { Description = "Not now.", Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = schema } } };
        }
    }

    private static async Task AddErrorsAsync(OpenApiOperation operation, IEnumerable<ErrorCode> errors, SchemaReferences schemas)
    {
        foreach (var status in errors.Distinct().GroupBy(error => error.Status).OrderBy(group => group.Key))
        {
            operation.Responses![status.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = string.Join(", ", status.Select(error => $"`{error.Name}`")),
                Content = new Dictionary<string, OpenApiMediaType> { [Json] = new() { Schema = await schemas.OneOfAsync([typeof(ErrorBody)], orList: false).ConfigureAwait(false) } },
            };
        }
    }

    private static IOpenApiHeader Header(ApiHeader header) =>
        new OpenApiHeader { Description = header.Description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
}
