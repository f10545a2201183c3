using System.Text;

namespace MetaLlm.Simulator.Randomness;

/// <summary>
/// A hash that is the same in every process and on every platform (unlike <see cref="string.GetHashCode()"/>): FNV-1a over
/// UTF-8, finished with the SplitMix64 mixer so that near-equal texts give unrelated values.
/// </summary>
internal static class StableHash
{
    private const ulong OffsetBasis = 14695981039346656037UL;
    private const ulong Prime = 1099511628211UL;

    public static ulong Of(int seed, params ReadOnlySpan<string> parts)
    {
        var hash = OffsetBasis ^ unchecked((uint)seed);
        foreach (var part in parts)
        {
            foreach (var value in Encoding.UTF8.GetBytes(part))
            {
                hash = unchecked((hash ^ value) * Prime);
            }

            // A separator no UTF-8 text contains, so that ("ab", "c") and ("a", "bc") differ.
            hash = unchecked((hash ^ 0xFF) * Prime);
        }

        return Mix(hash);
    }

    /// <summary>A uniform number in [0, 1) made of the upper 53 bits of the hash.</summary>
    public static double Uniform(int seed, params ReadOnlySpan<string> parts) => (Of(seed, parts) >> 11) * (1.0 / (1UL << 53));

    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9UL;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EBUL;
            return value ^ (value >> 31);
        }
    }
}
