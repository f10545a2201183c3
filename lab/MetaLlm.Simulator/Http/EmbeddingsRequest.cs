using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>What the simulator understands of a request for embeddings.</summary>
/// <param name="Model">The model.</param>
/// <param name="Inputs">Each text's words and tokens.</param>
/// <param name="IsBase64">Whether vectors are wanted in base64.</param>
/// <param name="Dimensions">Numbers of a vector; null for all.</param>
internal sealed record EmbeddingsRequest(string Model, IReadOnlyList<(IReadOnlyList<string> Words, int Tokens)> Inputs, bool IsBase64, int? Dimensions)
{
    private const int MostInputs = 2048;
    private const string Rule = "it must be a text, a list of tokens, or a list of 1 to 2048 of either, none of them empty.";

    /// <exception cref="FieldException">A field is missing or illegal.</exception>
    public static EmbeddingsRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new FieldException("body", "The body must be a JSON object.");
        }

        var format = ChatRequestReader.Optional(body, "encoding_format");
        var isBase64 = format is { ValueKind: JsonValueKind.String } word && word.ValueEquals("base64");
        if (format is { } other && !isBase64 && !(other.ValueKind == JsonValueKind.String && other.ValueEquals("float")))
        {
            throw new FieldException("encoding_format", $"encoding_format: {other.GetRawText()} is neither float nor base64.");
        }

        return new EmbeddingsRequest(
            ChatRequestReader.Model(body), Read(ChatRequestReader.Optional(body, "input")), isBase64, (int?)ChatRequestReader.Whole(body, "dimensions", 1, int.MaxValue));
    }

    private static IReadOnlyList<(IReadOnlyList<string> Words, int Tokens)> Read(JsonElement? input)
    {
        if (input is not { ValueKind: JsonValueKind.Array } list || (list.GetArrayLength() > 0 && list[0].ValueKind == JsonValueKind.Number))
        {
            return [One(input, "input")];
        }

        return list.GetArrayLength() is > 0 and <= MostInputs
            ? [.. list.EnumerateArray().Select((item, i) => One(item, FormattableString.Invariant($"input[{i}]")))]
            : throw new FieldException("input", $"input: {Rule}");
    }

    private static (IReadOnlyList<string> Words, int Tokens) One(JsonElement? item, string field)
    {
        if (item is { ValueKind: JsonValueKind.String } text && text.GetString() is { Length: > 0 } words)
        {
            return ([.. WordVectors.Words(words)], Math.Max(1, TokenCounter.Count(words)));
        }

        return item is { ValueKind: JsonValueKind.Array } tokens && tokens.GetArrayLength() > 0 && tokens.EnumerateArray().All(token => token.ValueKind == JsonValueKind.Number)
            ? ([.. tokens.EnumerateArray().Select(token => token.GetRawText())], tokens.GetArrayLength())
            : throw new FieldException(field, $"{field}: {Rule}");
    }
}
