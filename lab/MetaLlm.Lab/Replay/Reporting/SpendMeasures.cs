namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>How far spend strayed from a budget.</summary>
internal static class SpendMeasures
{
    private const int WindowRequests = 100;

    /// <summary>Mean cost of the most expensive 100 consecutive requests, USD; a shorter stream is one window.</summary>
    /// <param name="costs">Cost by request; at least one.</param>
    public static double MostExpensiveWindow(ReadOnlySpan<double> costs)
    {
        var length = Math.Min(WindowRequests, costs.Length);
        var sum = 0.0;
        var mostExpensive = double.NegativeInfinity;
        for (var i = 0; i < costs.Length; i++)
        {
            sum += costs[i] - (i >= length ? costs[i - length] : 0);
            mostExpensive = i >= length - 1 ? Math.Max(mostExpensive, sum) : mostExpensive;
        }

        return mostExpensive / length;
    }

    /// <summary>Most that was spent beyond budget x requests at any time, USD; 0 when that never happened.</summary>
    /// <param name="costs">Cost by request.</param>
    /// <param name="budget">Mean spend per request to keep, USD.</param>
    public static double Overspend(ReadOnlySpan<double> costs, double budget)
    {
        double ahead = 0, most = 0;
        foreach (var cost in costs)
        {
            ahead += cost - budget;
            most = Math.Max(most, ahead);
        }

        return most;
    }
}
