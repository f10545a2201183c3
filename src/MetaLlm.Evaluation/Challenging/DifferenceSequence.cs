namespace MetaLlm.Evaluation.Challenging;

/// <summary>
/// Lower confidence sequence of the difference of two policies' values on the same logged decisions: it holds at every number of decisions at once, so that one may look after each and
/// stop at will. docs/math/challenger.md derives it.
/// </summary>
/// <remarks>
/// With d = (challenger - champion) / logging probability of an arm, the terms are d r - g for d &gt;= 0 and |d| (1 - r) - g for d &lt; 0, with a control g in [0, k] that is known before the draw:
/// none is below -k, whatever the weights. What is known before the draw is added as it is.
/// </remarks>
/// <param name="alpha">Probability, above 0 and below 1, that the bound is ever wrong.</param>
internal sealed class DifferenceSequence(double alpha)
{
    private const double Floor = 1;
    private const double HighestCentre = 1;
    private const double Scale = Floor + HighestCentre;
    private const double LargestBet = 0.5;
    private const double PriorVariance = 0.25;

    private readonly double _log = Math.Log(1 / alpha);
    private double _sum;
    private double _squares = PriorVariance;
    private double _weighted;
    private double _bets;
    private double _penalty;
    private long _count;

    /// <summary>The least that the mean difference is; minus infinity without any decision.</summary>
    public double Lower => _count == 0 ? double.NegativeInfinity : (_weighted - (Scale * (_log + _penalty))) / _bets;

    /// <summary>Takes in a decision, in the order in which they were made.</summary>
    /// <param name="choice">The decision.</param>
    /// <param name="reward">What came of it, 0 to 1.</param>
    public void Observe(PairedChoice choice, double reward)
    {
        _count++;
        var (known, drawn) = Terms(choice, reward);
        var centre = Math.Min(_sum / _count, HighestCentre);
        var bet = Math.Min(LargestBet, Math.Sqrt(2 * _log * Scale * Scale / (_squares * Math.Log(1 + _count))));
        var away = drawn - centre;
        _weighted += bet * (known + drawn);
        _bets += bet;
        _penalty += (-Math.Log(1 - bet) - bet) * away * away / (Scale * Scale);
        _sum += drawn;
        _squares += away * away;
    }

    private static (double Known, double Drawn) Terms(PairedChoice choice, double reward)
    {
        var (known, drawn) = (0.0, 0.0);
        for (var a = 0; a < choice.Logging.Length; a++)
        {
            var (p, more) = (choice.Logging[a], choice.Challenger[a] - choice.Champion[a]);
            known -= more * choice.Price[a];
            if (!choice.IsSupported(a))
            {
                // Nothing is known of it: the worst for the challenger.
                known += Math.Min(more, 0);
                continue;
            }

            var weight = Math.Abs(more) / p;
            var control = Math.Min(weight * (more >= 0 ? choice.Model[a] : 1 - choice.Model[a]), Floor);
            known += (p * control) + Math.Min(more, 0);
            drawn = a == choice.Arm ? (weight * (more >= 0 ? reward : 1 - reward)) - control : drawn;
        }

        return (known, drawn);
    }
}
