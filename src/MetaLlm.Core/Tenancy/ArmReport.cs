using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

/// <summary>What is known of one arm.</summary>
/// <param name="ArmId">The arm.</param>
/// <param name="Enabled">Whether it may be chosen.</param>
/// <param name="Statistics">What was observed.</param>
public sealed record ArmReport(string ArmId, bool Enabled, ArmStatistics Statistics)
{
    /// <summary>Rows of the quizzes that what is believed of the arm rests on; 0 without one.</summary>
    public int QuizRows { get; init; }
}
