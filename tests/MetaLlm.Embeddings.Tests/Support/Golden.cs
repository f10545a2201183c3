using System.Text.Json;

namespace MetaLlm.Embeddings.Tests.Support;

/// <summary>What the original TensorFlow.js model says about a text (see Goldens/make-goldens.mjs).</summary>
public sealed record Golden(string Text, long[] Tokens, float[] Vector)
{
    public static IReadOnlyList<Golden> All { get; } = Read();

    private static Golden[] Read()
    {
        using var stream = typeof(Golden).Assembly.GetManifestResourceStream("use-lite-en.json")!;
        return JsonSerializer.Deserialize<Golden[]>(stream, JsonSerializerOptions.Web)!;
    }
}
