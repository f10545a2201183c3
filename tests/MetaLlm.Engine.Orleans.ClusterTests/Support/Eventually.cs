using System.Diagnostics;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>Waits for what a real cluster does in its own time. A condition that never comes true fails the test.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task TrueAsync(string what, Func<bool> condition) => TrueAsync(what, () => Task.FromResult(condition()));

    public static async Task TrueAsync(string what, Func<Task<bool>> condition)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Patience, $"Within {Patience.TotalSeconds} s it did not come true that {what}.");
            await Task.Delay(25);
        }
    }
}
