using MetaLlm.Core.Numerics;

namespace MetaLlm.Lab.Replay.Streams;

/// <summary>
/// Independent streams of random numbers of one seed. What one option draws never shifts what another draws, so that
/// runs that differ in one option stay comparable, request by request.
/// </summary>
internal static class RandomStreams
{
    /// <summary>Which rows are warm-start rows.</summary>
    public static ulong Train(int seed) => Key(seed, 1);

    /// <summary>Order of the burnt-in rows.</summary>
    public static ulong BurnInOrder(int seed) => Key(seed, 2);

    /// <summary>Order of the scored rows.</summary>
    public static ulong ScoredOrder(int seed) => Key(seed, 3);

    /// <summary>Which rewards are lost.</summary>
    public static ulong Missing(int seed) => Key(seed, 4);

    /// <summary>Which rewards come twice.</summary>
    public static ulong Duplicates(int seed) => Key(seed, 5);

    /// <summary>Which rewards are the opposite of the truth.</summary>
    public static ulong Flipped(int seed) => Key(seed, 6);

    /// <summary>Which rewards are wrong at first and corrected later.</summary>
    public static ulong Corrections(int seed) => Key(seed, 7);

    /// <summary>Which query gets which outcomes in the control that shuffles them.</summary>
    public static ulong ShuffledLabels(int seed) => Key(seed, 8);

    /// <summary>Which rows an arm that joins is asked.</summary>
    public static ulong Quiz(int seed) => Key(seed, 9);

    /// <summary>Which models a purse asks, where that is drawn.</summary>
    public static ulong Shadow(int seed) => Key(seed, 10);

    /// <summary>Which verdicts on their answers are wrong.</summary>
    public static ulong Verdicts(int seed) => Key(seed, 11);

    /// <summary>What answers show of themselves in a simulated cascade.</summary>
    public static ulong Confidence(int seed) => Key(seed, 20);

    /// <summary>Which answers in doubt leave all the same.</summary>
    public static ulong Cascade(int seed) => Key(seed, 21);

    /// <summary>Which model gets whose card in the control that shuffles them.</summary>
    public static ulong Cards(int seed) => Key(seed, 22);

    /// <summary>What tenants that give have decided, and the noise of it.</summary>
    public static ulong Pool(int seed) => Key(seed, 23);

    private static ulong Key(int seed, ulong purpose) => CounterRandom.Bits((ulong)seed, purpose);
}
