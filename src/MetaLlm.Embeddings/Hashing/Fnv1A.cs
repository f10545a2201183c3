namespace MetaLlm.Embeddings.Hashing;

/// <summary>The FNV-1a hash (Fowler, Noll and Vo) with a final mix: the same on every platform and in every process.</summary>
internal static class Fnv1A
{
    public const ulong OffsetBasis = 14695981039346656037;

    private const ulong Prime = 1099511628211;

    public static ulong Hash(ReadOnlySpan<byte> bytes, ulong seed)
    {
        var hash = seed;
        foreach (var value in bytes)
        {
            hash = (hash ^ value) * Prime;
        }

        // FNV's low and high bits are weak on short words; both are used.
        hash = (hash ^ (hash >> 33)) * 0xFF51AFD7ED558CCD;
        return hash ^ (hash >> 33);
    }
}
