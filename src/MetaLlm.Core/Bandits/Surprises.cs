namespace MetaLlm.Core.Bandits;

/// <summary>
/// How far one arm's reports lie from what was expected, in logarithms. Single reports out of all proportion are cut to the largest that is usual; several in a row, all
/// on one side, are no chance: what was learned before no longer holds.
/// </summary>
internal sealed class Surprises
{
    // Fewer than one report of 30,000 lies further than four deviations out where logarithms are normal, and nothing within a factor of ten is called far.
    private const double Deviations = 4;
    private const double LeastFar = 2.302585092994046;
    private const double PriorCalls = 10;
    private const double Memory = 200;

    private const double PriorSquare = LeastFar * LeastFar / (Deviations * Deviations);

    private double _square;
    private double _calls;
    private int _run;

    /// <summary>From how far on a report is cut, in logarithms; at least that of ten.</summary>
    public double Far => Math.Max(LeastFar, Deviations * Math.Sqrt(Square));

    /// <summary>Numbers for <see cref="Read"/>; all 0 before the first report.</summary>
    public (double Square, double Calls, double Run) State => (_square, _calls, _run);

    // Kept as the sum beyond the prior, so that nothing seen is 0.
    private double Square => ((PriorCalls * PriorSquare) + _square) / (PriorCalls + _calls);

    /// <summary>Takes a report in.</summary>
    /// <param name="surprise">ln of what was reported over what was expected.</param>
    /// <param name="above">From how far above on it is far.</param>
    /// <param name="below">From how far below on it is far.</param>
    /// <returns>Whether it is the last of so many far ones on the same side that what was learned is to be forgotten.</returns>
    public bool Observe(double surprise, double above, double below)
    {
        var far = Far;
        var seen = Math.Clamp(surprise, -far, far);
        var kept = _calls < Memory ? 1 : 1 - (1 / Memory);
        _square = (kept * _square) + (seen * seen);
        _calls = (kept * _calls) + 1;
        _run = OneSidedRun.Next(_run, surprise > above, surprise < -below);
        if (Math.Abs(_run) < OneSidedRun.Convincing)
        {
            return false;
        }

        _run = 0;
        return true;
    }

    public void Read(double square, double calls, double run) => (_square, _calls, _run) = (square, calls, (int)run);
}
