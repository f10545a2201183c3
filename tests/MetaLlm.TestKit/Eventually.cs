using System.Diagnostics;

namespace MetaLlm.TestKit;

/// <summary>Waits for what happens in its own time, in another process or behind a connection. What never happens fails the test.</summary>
public static class Eventually
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="what">The condition as a clause, for the message.</param>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="patience">How long to wait; a minute unless given.</param>
    public static Task TrueAsync(string what, Func<bool> condition, TimeSpan? patience = null) =>
        TrueAsync(what, () => Task.FromResult(condition()), patience);

    /// <summary>Waits until a condition holds.</summary>
    /// <param name="what">The condition as a clause, for the message.</param>
    /// <param name="condition">Asked again and again.</param>
    /// <param name="patience">How long to wait; a minute unless given.</param>
    public static Task TrueAsync(string what, Func<Task<bool>> condition, TimeSpan? patience = null) =>
        ReadAsync(what, condition, holds => holds, _ => "", patience);

    /// <summary>Reads a value until it is as expected.</summary>
    /// <param name="what">What is expected, as a clause, for the message.</param>
    /// <param name="read">Reads the value again and again; may assert what must hold all along.</param>
    /// <param name="expected">Whether the value is as expected.</param>
    /// <param name="show">The value that was read last, for the message.</param>
    /// <param name="patience">How long to wait; a minute unless given.</param>
    /// <returns>The first value that is.</returns>
    public static async Task<T> ReadAsync<T>(string what, Func<Task<T>> read, Func<T, bool> expected, Func<T, string> show, TimeSpan? patience = null)
    {
        var limit = patience ?? Longest;
        var started = Stopwatch.GetTimestamp();
        while (true)
        {
            var value = await read();
            if (expected(value))
            {
                return value;
            }

            Assert.True(Stopwatch.GetElapsedTime(started) < limit, $"Within {limit.TotalSeconds} s it did not come true that {what}. {show(value)}");
            await Task.Delay(Pause);
        }
    }
}
