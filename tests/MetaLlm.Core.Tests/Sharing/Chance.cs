using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Sharing;

/// <summary>Chance of a fixed seed.</summary>
internal static class Chance
{
    public static Func<int, int> Seeded(ulong seed)
    {
        var drawn = 0UL;
        return below => (int)(CounterRandom.Uniform(seed, drawn++) * below);
    }
}
