using System.Text.Json;

namespace MetaLlm.Embeddings.Tokenization;

/// <summary>The pieces of a WordPiece model, from vocab.txt (one a line) or tokenizer.json (model.vocab).</summary>
internal static class WordPieceVocabulary
{
    public static Dictionary<string, int> Read(string path)
    {
        return Path.GetExtension(path).Equals(".json", StringComparison.OrdinalIgnoreCase)
            ? FromJson(path)
            : FromLines(path);
    }

    private static Dictionary<string, int> FromLines(string path)
    {
        var ids = new Dictionary<string, int>();
        var id = 0;
        foreach (var line in File.ReadLines(path))
        {
            ids[line] = id++;
        }

        return ids;
    }

    private static Dictionary<string, int> FromJson(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        if (!document.RootElement.TryGetProperty("model", out var model) || !model.TryGetProperty("vocab", out var vocabulary) || vocabulary.ValueKind != JsonValueKind.Object)
        {
            throw new InvalidDataException($"{Path.GetFileName(path)} has no object model.vocab.");
        }

        return vocabulary.EnumerateObject().ToDictionary(piece => piece.Name, piece => piece.Value.GetInt32());
    }
}
