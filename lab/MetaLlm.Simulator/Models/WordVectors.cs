namespace MetaLlm.Simulator.Models;

/// <summary>Vectors by feature hashing: every word adds to some numbers of the vector, and takes from others.</summary>
internal static class WordVectors
{
    private const int NumbersPerWord = 16;

    /// <summary>The vector of a text, of length 1.</summary>
    /// <param name="seed">Seed of the simulator.</param>
    /// <param name="model">The model.</param>
    /// <param name="words">The text's words.</param>
    /// <param name="dimensions">How many of its numbers are wanted; those that remain are scaled to length 1 again.</param>
    public static float[] Of(int seed, SimulatedEmbeddingModel model, IEnumerable<string> words, int dimensions)
    {
        var vector = new double[model.Dimensions];
        foreach (var word in words)
        {
            var bits = new SeededRandom(StableHash.Of(seed, "embedding", model.Space, word));
            for (var i = 0; i < NumbersPerWord; i++)
            {
                vector[bits.Between(0, vector.Length - 1)] += bits.Chance(0.5) ? 1 : -1;
            }
        }

        var length = Math.Sqrt(vector.Take(dimensions).Sum(number => number * number));
        return [.. vector.Take(dimensions).Select((number, i) => (float)(length > 0 ? number / length : i == 0 ? 1 : 0))];
    }

    /// <summary>The words of a text, in lower case; a text without letters and digits is one word.</summary>
    public static IEnumerable<string> Words(string text)
    {
        var words = string.Concat(text.Select(c => char.IsLetterOrDigit(c) ? char.ToLowerInvariant(c) : ' ')).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 0 ? words : [text];
    }
}
