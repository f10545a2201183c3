namespace MetaLlm.Evaluation.Challenging;

/// <summary>One logged decision at which two policies were asked; arrays are by arm of the decision.</summary>
/// <param name="Arm">Index of the arm that was chosen and served.</param>
/// <param name="Logging">Exact probability with which each arm was to be chosen.</param>
/// <param name="Champion">Probability with which the champion chooses each arm.</param>
/// <param name="Challenger">Probability with which the challenger does.</param>
/// <param name="Model">Predicted reward of each arm, 0 to 1, made without this reward.</param>
/// <param name="CostUsd">Predicted cost of each arm, USD, as it was known at the decision.</param>
/// <param name="Price">What each arm's money and time were worth at the decision, in units of reward, at least 0.</param>
internal sealed record PairedChoice(int Arm, double[] Logging, double[] Champion, double[] Challenger, double[] Model, double[] CostUsd, double[] Price)
{
    /// <summary>Whether an arm had a chance to be drawn.</summary>
    public bool IsSupported(int arm) => Logging[arm] > 0;

    /// <summary>The same with the policies exchanged.</summary>
    public PairedChoice Exchanged => this with { Champion = Challenger, Challenger = Champion };

    /// <summary>Expected value of a quantity of each arm under probabilities.</summary>
    public static double Mean(double[] probabilities, double[] values)
    {
        var sum = 0.0;
        for (var a = 0; a < probabilities.Length; a++)
        {
            sum += probabilities[a] * values[a];
        }

        return sum;
    }
}
