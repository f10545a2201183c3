namespace MetaLlm.Engine;

/// <summary>How long to wait before what failed is tried again: each time a multiple of the time before, up to a longest one.</summary>
/// <param name="First">The wait after the first failure.</param>
/// <param name="Factor">How many times as long each wait is as the one before; at least 1.</param>
/// <param name="Longest">The longest wait, without what chance adds.</param>
internal readonly record struct Backoff(TimeSpan First, double Factor, TimeSpan Longest)
{
    private const int MostSteps = 20;
    private const double Share = 0.5;

    /// <summary>The wait.</summary>
    /// <param name="failures">How often it has failed, at least 1.</param>
    /// <param name="draw">Chance, from 0 to 1.</param>
    /// <param name="asked">How long whoever refused asks to be left alone; null where nobody says.</param>
    public TimeSpan After(int failures, double draw, TimeSpan? asked = null)
    {
        var wait = asked ?? First * Math.Pow(Factor, Math.Min(failures - 1, MostSteps));
        return Spread(wait < Longest ? wait : Longest, draw);
    }

    /// <summary>From a wait to one and a half times as much, so that what failed together does not come back together.</summary>
    /// <param name="wait">The wait.</param>
    /// <param name="draw">Chance, from 0 to 1.</param>
    public static TimeSpan Spread(TimeSpan wait, double draw) => wait * (1 + (Share * draw));
}
