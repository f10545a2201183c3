using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Embeddings;

/// <summary>What a request for embeddings asks to have embedded.</summary>
/// <param name="Count">Texts.</param>
/// <param name="Tokens">Tokens of all, estimated where they are no tokens yet; at least 1.</param>
/// <param name="Longest">Tokens of the longest.</param>
internal readonly record struct EmbeddingsInput(int Count, double Tokens, double Longest)
{
    public const int Most = 2048;

    private const string Field = "input";
    private const string Rule = "it must be a text, a list of tokens, or a list of texts or of lists of tokens";

    /// <exception cref="ApiException">There is none, or it is misshapen.</exception>
    public static EmbeddingsInput Read(JsonObjectReader root)
    {
        if (root.Find(Field) is not { } input)
        {
            throw ApiException.BadField(Field, $"is missing; {Rule}.");
        }

        if (input.ValueKind != JsonValueKind.Array || (input.GetArrayLength() > 0 && input[0].ValueKind == JsonValueKind.Number))
        {
            var tokens = TokensOf(input, Field);
            return new EmbeddingsInput(1, tokens, tokens);
        }

        if (input.GetArrayLength() is 0 or > Most)
        {
            throw ApiException.BadField(Field, $"has {input.GetArrayLength()} entries; 1 to {Most} are legal.");
        }

        var (all, longest, index) = (0.0, 0.0, 0);
        foreach (var item in input.EnumerateArray())
        {
            var tokens = TokensOf(item, $"{Field}[{index++}]");
            (all, longest) = (all + tokens, Math.Max(longest, tokens));
        }

        return new EmbeddingsInput(index, all, longest);
    }

    private static double TokensOf(JsonElement item, string field)
    {
        if (item.ValueKind == JsonValueKind.String)
        {
            var text = JsonObjectReader.String(item, field);
            return text.Length > 0 ? Math.Max(1, TokenEstimate.FromText(text)) : throw ApiException.BadField(field, "is empty; it must hold at least one character.");
        }

        if (item.ValueKind != JsonValueKind.Array || item.GetArrayLength() == 0)
        {
            throw ApiException.BadField(field, $"is {(item.ValueKind == JsonValueKind.Array ? "empty" : JsonObjectReader.Name(item))}; {Rule}.");
        }

        foreach (var token in item.EnumerateArray())
        {
            if (token.ValueKind != JsonValueKind.Number || !token.TryGetInt32(out var id) || id < 0)
            {
                throw ApiException.BadField(field, "has an entry that is no token; tokens are whole numbers of at least 0.");
            }
        }

        return item.GetArrayLength();
    }
}
