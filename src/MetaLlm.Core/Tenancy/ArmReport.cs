using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What is known of one arm.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Enabled">Whether it may be chosen.</param>
/// <param name="Statistics">What was observed.</param>
[GenerateSerializer, Immutable, Alias("metallm.arm-report")]
public sealed record ArmReport(
    [property: Id(0)] string ArmId,
    [property: Id(1)] bool Enabled,
    [property: Id(2)] ArmStatistics Statistics)
{
    /// <summary>Rows of the quizzes that what is believed of the arm rests on; 0 without one.</summary>
    [Id(3)]
    public int QuizRows { get; init; }

    /// <summary>What attempts at the arm have cost that gave the client no answer, USD; not part of its statistics.</summary>
    [Id(4)]
    public double WastedUsd { get; init; }

    /// <summary>How often attempts at the arm failed.</summary>
    [Id(5)]
    public ArmFailures Failures { get; init; } = ArmFailures.None;

    /// <summary>Whether rewards of the arm have lately stopped to agree with predictions.</summary>
    [Id(6)]
    public bool Drifts { get; init; }
}
