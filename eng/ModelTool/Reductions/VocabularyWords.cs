using System.Text.Json;
using MetaLlm.Embeddings.Models;

namespace MetaLlm.ModelTool.Reductions;

/// <summary>The whole words among the pieces of a unigram vocabulary.</summary>
internal static class VocabularyWords
{
    private const char WordStart = '\u2581';
    private const int ShortestWord = 4;

    public static string[] Read(EmbeddingModel model)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(model.ModelDirectory, model.Manifest.Tokenizer.File)));
        return
        [
            .. document.RootElement.EnumerateArray()
                .Select(piece => piece[0].GetString()!)
                .Where(piece => piece[0] == WordStart && piece.Length > ShortestWord && piece.Skip(1).All(char.IsAsciiLetter))
                .Select(piece => piece[1..]),
        ];
    }
}
