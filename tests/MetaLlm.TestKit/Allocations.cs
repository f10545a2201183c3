namespace MetaLlm.TestKit;

/// <summary>Counts what code allocates.</summary>
public static class Allocations
{
    private const int Rounds = 10;

    /// <summary>The least that an action allocates on its thread, bytes, in a few rounds.</summary>
    /// <remarks>
    /// What the action allocates it allocates each time. A collection for another test in the midst of a round counts what is left of the thread's buffer besides, so that one round alone proves nothing.
    /// </remarks>
    /// <param name="action">The action; it has run before, so that what it makes once is made.</param>
    public static long Least(Action action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var least = long.MaxValue;
        for (var round = 0; round < Rounds && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
