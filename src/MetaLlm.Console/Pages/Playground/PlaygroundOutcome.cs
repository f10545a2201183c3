using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.WebConsole.Pages.Playground;

/// <summary>What came of what was asked.</summary>
internal sealed record PlaygroundOutcome
{
    /// <summary>What was asked.</summary>
    public required PlaygroundAsk Ask { get; init; }

    /// <summary>What is wrong with it.</summary>
    public IReadOnlyList<string> Problems { get; init; } = [];

    /// <summary>The decision: a preview, or that of the call.</summary>
    public DecisionRecord? Decision { get; init; }

    /// <summary>What would be chosen where money weighed otherwise, by weight.</summary>
    public IReadOnlyList<(double Dial, DecisionRecord Decision)> OtherDials { get; init; } = [];

    /// <summary>What other policies would choose.</summary>
    public IReadOnlyList<OtherChoice> OtherPolicies { get; init; } = [];

    /// <summary>The decision as the journal has it; null while nothing was sent.</summary>
    public StoredDecision? Stored { get; init; }

    /// <summary>The answer; null while nothing was sent.</summary>
    public string? Answer { get; init; }

    /// <summary>The same question before and after the vote; null before one.</summary>
    public (DecisionRecord Before, DecisionRecord After)? Moved { get; init; }

    /// <summary>The vote; null before one.</summary>
    public double? Reward { get; init; }

    /// <summary>What became of the vote.</summary>
    public FeedbackStatus? Status { get; init; }
}
