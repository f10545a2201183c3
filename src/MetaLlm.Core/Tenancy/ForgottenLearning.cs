using System.Globalization;

namespace MetaLlm.Core.Tenancy;

/// <summary>What a policy would forget by a change of its configuration.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Members">Members of the configuration whose change makes the policy start anew, as the configuration file names them.</param>
/// <param name="Decisions">Decisions that the policy has learned from since its start.</param>
/// <param name="Rewards">Rewards among what it has learned from.</param>
/// <param name="WarmStartRows">Rows of its warm start.</param>
/// <param name="QuizRows">Rows of its arms' quizzes.</param>
[GenerateSerializer, Immutable, Alias("metallm.forgotten-learning")]
public sealed record ForgottenLearning(
    [property: Id(0)] string Tenant,
    [property: Id(1)] IReadOnlyList<string> Members,
    [property: Id(2)] long Decisions,
    [property: Id(3)] long Rewards,
    [property: Id(4)] int WarmStartRows,
    [property: Id(5)] int QuizRows)
{
    /// <summary>Whether nothing would be lost.</summary>
    public bool IsEmpty => Decisions == 0 && Rewards == 0 && WarmStartRows == 0 && QuizRows == 0;

    /// <summary>The loss in words, for messages.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Decisions} decisions, {Rewards} rewards, {WarmStartRows} rows of a warm start and {QuizRows} of quizzes");
}
