namespace MetaLlm.Engine.Admission;

/// <summary>What was used in the last minute, by whole seconds. Times are seconds of a clock that never goes back. Not safe for concurrent use.</summary>
/// <remarks>
/// What was used within a second leaves the window when 61 whole seconds have begun since, so that no 60 seconds hold more than the window did. Amounts may be taken back; sums below 0 count as 0.
/// </remarks>
internal sealed class SlidingWindow
{
    /// <summary>Whole seconds that are kept: a minute, and the second that runs.</summary>
    public const int Length = 61;

    private readonly double[] _amounts = new double[Length];
    private long _second = long.MinValue;

    /// <summary>What the window holds, at least 0.</summary>
    public double Used(double now)
    {
        Advance(now);
        return Sum();
    }

    /// <summary>Adds an amount; one below 0 takes back.</summary>
    /// <param name="now">Now.</param>
    /// <param name="amount">How much.</param>
    /// <param name="age">Whole seconds ago that it was used; what has left the window changes nothing.</param>
    public void Add(double now, double amount, long age = 0)
    {
        Advance(now);
        if (age is >= 0 and < Length)
        {
            _amounts[Place(_second - age)] += amount;
        }
    }

    /// <summary>Seconds until the window holds at most a certain amount, if nothing is added; 0 when it does.</summary>
    public double Until(double now, double most)
    {
        Advance(now);
        var sum = Sum();
        for (var second = _second - Length + 1; sum > most && second <= _second; second++)
        {
            sum -= _amounts[Place(second)];
            if (sum <= most)
            {
                return second + Length - now;
            }
        }

        return sum > most ? Length : 0;
    }

    /// <summary>The amounts, the newest second first.</summary>
    public double[] Recent(double now)
    {
        Advance(now);
        return [.. Enumerable.Range(0, Length).Select(age => _amounts[Place(_second - age)])];
    }

    private static int Place(long second) => (int)(((second % Length) + Length) % Length);

    private double Sum()
    {
        var sum = 0.0;
        foreach (var amount in _amounts)
        {
            sum += amount;
        }

        return Math.Max(0, sum);
    }

    private void Advance(double now)
    {
        var second = (long)Math.Floor(now);
        if (second <= _second)
        {
            return;
        }

        for (var gone = Math.Max(_second, second - Length) + 1; gone <= second; gone++)
        {
            _amounts[Place(gone)] = 0;
        }

        _second = second;
    }
}
