namespace MetaLlm.Evaluation.Estimation;

/// <summary>One logged decision as the estimators see it; arrays are by arm of the decision.</summary>
/// <param name="Arm">Index of the arm that was chosen and served.</param>
/// <param name="Reward">What came of it; for rewards 0 to 1.</param>
/// <param name="Logging">Exact probability with which each arm was to be chosen.</param>
/// <param name="Target">Probability with which the policy to evaluate chooses each arm.</param>
/// <param name="Model">Predicted reward of each arm, made without this reward.</param>
public sealed record OffPolicySample(int Arm, double Reward, double[] Logging, double[] Target, double[] Model)
{
    /// <summary>Importance weight of the chosen arm: target probability over logging probability.</summary>
    public double Weight => Target[Arm] / Logging[Arm];

    /// <summary>Predicted value of the policy to evaluate.</summary>
    public double Direct
    {
        get
        {
            var sum = 0.0;
            for (var a = 0; a < Target.Length; a++)
            {
                sum += Target[a] * Model[a];
            }

            return sum;
        }
    }

    /// <summary>Probability that the policy to evaluate gives to arms which could not have been logged.</summary>
    public double UnsupportedMass
    {
        get
        {
            var sum = 0.0;
            for (var a = 0; a < Target.Length; a++)
            {
                sum += Logging[a] > 0 ? 0 : Target[a];
            }

            return sum;
        }
    }
}
