namespace MetaLlm.Evaluation.Challenging;

/// <summary>What a trial keeps of the decisions that it has seen: sums, however many there are.</summary>
/// <param name="alpha">Probability that a bound of the difference is ever wrong.</param>
internal sealed class TrialSums(double alpha)
{
    /// <summary>The share of evenly spread choices that is advised where a log does not tell.</summary>
    private const double AdvisedFloor = 0.02;

    private const double AdvisedDecisions = 100;

    private readonly DifferenceSequence _lower = new(alpha);
    private readonly DifferenceSequence _upper = new(alpha);
    private long _counted;
    private double _logged;
    private double _squares;
    private double _squaresWithFloor;
    private double _difference;
    private (double Reward, double CostUsd) _champion;
    private (double Reward, double CostUsd) _challenger;

    public long Decisions { get; set; }

    public long Unrewarded { get; set; }

    public long LeftOut { get; set; }

    /// <summary>Takes in a decision with its feedback.</summary>
    public void Take(PairedChoice choice, FirstFeedback feedback)
    {
        if (feedback.Rerouted)
        {
            LeftOut++;
            return;
        }

        _counted++;
        _logged += feedback.Reward;
        for (var a = 0; a < choice.Logging.Length; a++)
        {
            var squared = choice.Challenger[a] * choice.Challenger[a];
            _squares += squared > 0 ? squared / choice.Logging[a] : 0;
            _squaresWithFloor += squared / (((1 - AdvisedFloor) * choice.Logging[a]) + (AdvisedFloor / choice.Logging.Length));
        }

        var (champion, challenger) = (DoublyRobust(choice, choice.Champion, feedback.Reward), DoublyRobust(choice, choice.Challenger, feedback.Reward));
        _champion = (_champion.Reward + champion, _champion.CostUsd + PairedChoice.Mean(choice.Champion, choice.CostUsd));
        _challenger = (_challenger.Reward + challenger, _challenger.CostUsd + PairedChoice.Mean(choice.Challenger, choice.CostUsd));
        _difference += challenger - champion - PairedChoice.Mean(choice.Challenger, choice.Price) + PairedChoice.Mean(choice.Champion, choice.Price);
        _lower.Observe(choice, feedback.Reward);
        _upper.Observe(choice.Exchanged, feedback.Reward);
    }

    public TrialFigures Figures(long waiting, long behind) => new()
    {
        Decisions = Decisions,
        Counted = _counted,
        Waiting = waiting,
        Unrewarded = Unrewarded,
        LeftOut = LeftOut,
        Behind = behind,
        EffectiveDecisions = _squares > 0 ? (double)_counted * _counted / _squares : 0,
        Exploring = (AdvisedFloor, _counted > 0 ? AdvisedDecisions * _squaresWithFloor / _counted : double.NaN),
        LoggedReward = _logged / _counted,
        Champion = new TrialSide(_champion.Reward / _counted, _champion.CostUsd / _counted),
        Challenger = new TrialSide(_challenger.Reward / _counted, _challenger.CostUsd / _counted),
        Difference = _difference / _counted,
        Lower = _lower.Lower,
        Upper = -_upper.Lower,
    };

    private static double DoublyRobust(PairedChoice choice, double[] target, double reward) =>
        PairedChoice.Mean(target, choice.Model) + (target[choice.Arm] / choice.Logging[choice.Arm] * (reward - choice.Model[choice.Arm]));
}
