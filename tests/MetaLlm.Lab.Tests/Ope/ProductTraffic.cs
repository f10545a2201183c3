namespace MetaLlm.Lab.Tests.Ope;

/// <summary>What a <see cref="ProductLog"/> holds: so many decisions of a policy, every n-th of them unlike the others (0 for none).</summary>
internal sealed record ProductTraffic(string Policy, int Decisions)
{
    public Dictionary<string, double> Options { get; init; } = [];

    /// <summary>Time from one decision to the next.</summary>
    public TimeSpan Step { get; init; }

    public int PinnedEvery { get; init; }

    public int ReroutedEvery { get; init; }

    public int UnrewardedEvery { get; init; }

    /// <summary>Number of the decision that a warm start comes before, from 0 on; null for none.</summary>
    public int? WarmStartAt { get; init; }

    /// <summary>Number of the decision that a quiz of the arm "digits" comes before, after a warm start if there is one; null for none.</summary>
    public int? QuizAt { get; init; }
}
