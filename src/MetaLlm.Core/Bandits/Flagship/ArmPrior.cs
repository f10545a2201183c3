namespace MetaLlm.Core.Bandits.Flagship;

/// <summary>What a <see cref="QualityModel"/> knows of one arm beside its matrix.</summary>
/// <param name="Mean">m_a, over the whole context.</param>
/// <param name="Informed">Whether it comes from a warm start, so that the arm needs no first pulls.</param>
internal sealed record ArmPrior(double[] Mean, bool Informed)
{
    /// <summary>Rows of the quizzes that have told of the arm.</summary>
    public int QuizRows { get; set; }

    /// <summary>Rewards since the last drift alarm; -1 when there was none, or enough of them have come to trust the arm again.</summary>
    public int SinceAlarm { get; set; } = -1;

    /// <summary>What the arm was before that alarm; null when there is nothing to return to.</summary>
    public ChangePointHypothesis? Former { get; set; }

    /// <summary>Watches whether rewards still agree with predictions.</summary>
    public DriftDetector Drift { get; } = new();

    /// <summary>Squared residuals of the arm's rewards, and how many; they start from what a warm start's held-out predictions, or those of a quiz, missed.</summary>
    public double Squares { get; set; }

    /// <summary>Number of residuals in <see cref="Squares"/>.</summary>
    public double Count { get; set; }
}
