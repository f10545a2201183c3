namespace MetaLlm.Core.Numerics;

/// <summary>
/// Two work arrays of the calling thread, for the length of one synchronous computation: tenants are many and threads are few, so that what
/// is scratch only need not lie in every tenant. Their contents are whatever the last user left.
/// </summary>
internal static class ThreadScratch
{
    [ThreadStatic]
    private static double[]? _first;

    [ThreadStatic]
    private static double[]? _second;

    /// <summary>The first array; allocates only when none of the thread's computations needed that much before.</summary>
    /// <param name="length">Entries needed; the array may be longer.</param>
    public static double[] First(int length) => Grown(ref _first, length);

    /// <summary>The second array, apart from the first.</summary>
    /// <param name="length">Entries needed; the array may be longer.</param>
    public static double[] Second(int length) => Grown(ref _second, length);

    private static double[] Grown(ref double[]? array, int length) =>
        array is { } found && found.Length >= length ? found : array = new double[length];
}
