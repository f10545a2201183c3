using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Replay.Streams;

/// <summary>Shuffles that are the same on every machine (Fisher and Yates, numbers from <see cref="CounterRandom"/>).</summary>
internal static class SeededShuffle
{
    /// <summary>Puts the items into a random order.</summary>
    /// <param name="items">The items; permuted in place.</param>
    /// <param name="stream">The stream of random numbers.</param>
    public static void Apply(Span<int> items, ulong stream)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = (int)(CounterRandom.Uniform(stream, (ulong)i) * (i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }
}
