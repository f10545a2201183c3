using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Embeddings;

/// <summary>What an answer to a request for embeddings has to look like.</summary>
/// <param name="Count">Vectors.</param>
/// <param name="IsBase64">Whether a vector is a text, the float32 numbers in base64, instead of a list of numbers.</param>
/// <param name="Dimensions">Numbers of a vector; 0 for unknown.</param>
internal readonly record struct EmbeddingsAsked(int Count, bool IsBase64, int Dimensions)
{
    /// <summary>Reads it off the request. What the client did not say, the model's configuration does.</summary>
    /// <param name="call">The call.</param>
    /// <exception cref="JsonException">The request is no JSON object.</exception>
    public static EmbeddingsAsked Of(ChatCall call)
    {
        using var document = JsonDocument.Parse(call.Body);
        var root = document.RootElement;
        return new EmbeddingsAsked(
            root.TryGetProperty("input", out var input) ? CountOf(input) : 0,
            root.TryGetProperty("encoding_format", out var format) && format.ValueKind == JsonValueKind.String && format.ValueEquals("base64"u8),
            root.TryGetProperty("dimensions", out var asked) && asked.ValueKind == JsonValueKind.Number && asked.TryGetInt32(out var dimensions) ? dimensions : call.Options.Dimensions);
    }

    /// <summary>A list of numbers is one input, of tokens.</summary>
    private static int CountOf(JsonElement input) =>
        input.ValueKind == JsonValueKind.Array && input.GetArrayLength() is > 0 and var length && input[0].ValueKind != JsonValueKind.Number ? length : 1;
}
