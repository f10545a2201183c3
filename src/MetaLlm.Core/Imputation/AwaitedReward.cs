namespace MetaLlm.Core.Imputation;

/// <summary>A decision whose reward has come or may still come, with the signals that its reward is predicted from.</summary>
internal struct AwaitedReward
{
    /// <summary>The decision's ordinal.</summary>
    public long Ordinal;

    /// <summary>When it was made, UTC ticks.</summary>
    public long At;

    /// <summary>Quality that the policy had predicted of the arm that serves it; NaN when that is not known.</summary>
    public double Quality;

    /// <summary>ln(output tokens), standardised per arm.</summary>
    public double Tokens;

    /// <summary>Seconds to the full answer, standardised per arm.</summary>
    public double Latency;

    /// <summary>Whether the whole answer has arrived, so that the signals are known.</summary>
    public bool Completed;

    /// <summary>The reward that a client posted; NaN before that.</summary>
    public double Reward;

    /// <summary>How much it counts.</summary>
    public double Weight;

    /// <summary>How often the model had halved what it knew when it learned from the reward; -1 before that.</summary>
    public int Epoch;
}
