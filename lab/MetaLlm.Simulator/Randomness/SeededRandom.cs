namespace MetaLlm.Simulator.Randomness;

/// <summary>
/// SplitMix64 (Steele, Lea and Flood, 2014): a generator of our own, so that a seed names the same catalogue on every
/// runtime version.
/// </summary>
internal sealed class SeededRandom(ulong seed)
{
    private ulong _state = seed;

    public ulong NextUInt64()
    {
        _state = unchecked(_state + 0x9E3779B97F4A7C15UL);
        return StableHash.Mix(_state);
    }

    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>A whole number between the two bounds, both included.</summary>
    public int Between(int minimum, int maximum) =>
        minimum + (int)(NextUInt64() % (ulong)(maximum - minimum + 1));

    public bool Chance(double probability) => NextDouble() < probability;

    public T Pick<T>(IReadOnlyList<T> values) => values[Between(0, values.Count - 1)];

    /// <summary>Distinct values in random order.</summary>
    public T[] Pick<T>(IReadOnlyList<T> values, int count)
    {
        var copy = values.ToArray();
        Shuffle(copy);
        return copy[..count];
    }

    /// <summary>Fisher-Yates.</summary>
    public void Shuffle<T>(IList<T> values)
    {
        for (var i = values.Count - 1; i > 0; i--)
        {
            var j = Between(0, i);
            (values[i], values[j]) = (values[j], values[i]);
        }
    }

    /// <summary>Picks a template and fills its places {0}, {1}, ...</summary>
    public string Phrase(IReadOnlyList<string> templates, params ReadOnlySpan<string> values)
    {
        var text = Pick(templates);
        for (var i = 0; i < values.Length; i++)
        {
            text = text.Replace(FormattableString.Invariant($"{{{i}}}"), values[i], StringComparison.Ordinal);
        }

        return text;
    }
}
