using MetaLlm.Evaluation.Challenging;

namespace MetaLlm.Gateway.Rollout.Challengers;

/// <summary>What a look at a tenant's log says of its challenger.</summary>
/// <param name="LookedAt">When.</param>
/// <param name="Figures">What the log says.</param>
/// <param name="Reasons">Why the gate is shut; none where it is open.</param>
internal sealed record ChallengerStatus(DateTimeOffset LookedAt, TrialFigures Figures, IReadOnlyList<string> Reasons)
{
    /// <summary>Whether the challenger may be promoted.</summary>
    public bool IsOpen => Reasons.Count == 0;
}
