namespace MetaLlm.Core.Judging;

/// <summary>What is known of a judge's verdicts on one model's answers.</summary>
/// <param name="ArmId">The model.</param>
/// <param name="All">Its verdicts.</param>
/// <param name="Pairs">Those among them on answers of which people have spoken, with what they said first.</param>
[GenerateSerializer, Immutable, Alias("metallm.judge-arm-report")]
public sealed record JudgeArmReport([property: Id(0)] string ArmId, [property: Id(1)] VerdictMoments All, [property: Id(2)] VerdictMoments Pairs)
{
    /// <summary>The model's mean reward as people would give it, by prediction-powered inference.</summary>
    /// <param name="confidence">Of its interval.</param>
    public PoweredEstimate MeanReward(double confidence = 0.95) => PredictionPowered.Mean(Pairs, All.Minus(Pairs), confidence);
}
