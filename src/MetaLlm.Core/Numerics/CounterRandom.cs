namespace MetaLlm.Core.Numerics;

/// <summary>
/// Random numbers that are a pure function of (seed, counter): the same decision draws the same number on every engine and
/// in every replay. SplitMix64 (Steele, Lea, Flood 2014) applied to a mixed key.
/// </summary>
public static class CounterRandom
{
    private const ulong Golden = 0x9E3779B97F4A7C15UL;

    /// <summary>64 random bits.</summary>
    /// <param name="seed">The stream.</param>
    /// <param name="counter">The position in it.</param>
    public static ulong Bits(ulong seed, ulong counter) => Mix(Mix(seed + Golden) + (counter * Golden) + Golden);

    /// <summary>A uniform number in [0, 1) with 53 random bits.</summary>
    /// <param name="seed">The stream.</param>
    /// <param name="counter">The position in it.</param>
    public static double Uniform(ulong seed, ulong counter) => (Bits(seed, counter) >> 11) * (1.0 / (1UL << 53));

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
