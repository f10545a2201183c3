using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using MetaLlm.Gateway.Authentication;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace MetaLlm.Gateway.OpenApi;

/// <summary>The API's description as a whole.</summary>
internal static class ApiDocument
{
    /// <summary>Name of the document; an application's own documents have others.</summary>
    public const string Name = "metallm";

    private const string Suffix = "Body";

    /// <summary>The product's version.</summary>
    public static string Version { get; } = typeof(ApiDocument).Assembly.GetName().Version!.ToString(3);

    public static void Configure(OpenApiOptions options)
    {
        options.CreateSchemaReferenceId = type => type.Type == typeof(JsonElement) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type)?.Replace(Suffix, string.Empty, StringComparison.Ordinal);
        options.AddSchemaTransformer((schema, context, _) =>
        {
            Strict(schema);
            schema.Description ??= Described(context.JsonPropertyInfo);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(new OperationTransformer());
        options.AddDocumentTransformer((document, _, _) =>
        {
            Introduce(document);
            return Task.CompletedTask;
        });
    }

    /// <summary>Numbers are written as numbers and read from nothing else, whatever the application's own JSON options say.</summary>
    private static void Strict(OpenApiSchema schema)
    {
        if (schema.Type is { } type && (type & (JsonSchemaType.Integer | JsonSchemaType.Number)) != 0)
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }
    }

    /// <summary>A member that may be anything has no schema of its own that would carry its description.</summary>
    private static string? Described(JsonPropertyInfo? property) =>
        property?.AttributeProvider?.GetCustomAttributes(typeof(DescriptionAttribute), inherit: false).OfType<DescriptionAttribute>().SingleOrDefault()?.Description;

    private static void Introduce(OpenApiDocument document)
    {
        document.Info = new OpenApiInfo
        {
            Title = "MetaLlm",
            Version = Version,
            Description = "A gateway that speaks OpenAI's chat completion and Responses formats and Anthropic's Messages format, routes each request to the model that is best for it, and learns from feedback.",
        };
        document.Servers = [new OpenApiServer { Url = "/" }];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>(StringComparer.Ordinal)
        {
            [TenantKeyHandler.Scheme] = Key("A tenant's key; it alone says who is calling. Without this header, `x-api-key` is read in its place. Where an anonymous tenant is configured, it may be left out."),
            [AdminKeyHandler.Scheme] = Key("The key that `admin.keyEnvironment` or `admin.keyFile` of the configuration names."),
        };
        foreach (var path in document.Paths.Values)
        {
            // HEAD is GET without its body.
            path.Operations?.Remove(HttpMethod.Head);
        }
    }

    private static OpenApiSecurityScheme Key(string description) =>
        new() { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = description };
}
