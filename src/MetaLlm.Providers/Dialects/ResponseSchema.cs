using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>The schema that an answer shall follow.</summary>
internal static class ResponseSchema
{
    /// <summary>Reads it; null where the request has none.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">The format is said to have one and has none.</exception>
    public static JsonElement? Read(JsonElement request) =>
        request.Says("response_format", out var format) && format.Says("type", out var type) && type.IsText("json_schema"u8)
            ? format.Says("json_schema", out var named) && named.Says("schema", out var schema) ? schema : throw Untranslatable.Member("response_format", "has no json_schema.schema.")
            : null;

    /// <summary>Refuses formats other than text and a schema.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">The request asks for another.</exception>
    public static void ThrowIfOther(JsonElement format)
    {
        if (format.Says("type", out var type) && !type.IsText("text"u8) && !type.IsText("json_schema"u8))
        {
            throw Untranslatable.Member("response_format", "is neither text nor json_schema, which are the formats of this model.");
        }
    }
}
