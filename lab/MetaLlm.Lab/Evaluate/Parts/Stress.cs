using MetaLlm.Lab.Replay;

namespace MetaLlm.Lab.Evaluate.Parts;

/// <summary>Feedback that comes late, not at all, twice, or wrong.</summary>
/// <param name="Name">What happens to feedback.</param>
/// <param name="Apply">Sets the options of a replay.</param>
/// <param name="LeavesStateAlone">Whether the learned state must be the same to the last bit.</param>
internal sealed record Stress(string Name, Func<ReplayOptions, ReplayOptions> Apply, bool LeavesStateAlone = false)
{
    /// <summary>Every stress of the battery.</summary>
    public static IReadOnlyList<Stress> All { get; } =
    [
        new("100 requests late", o => o with { Delay = 100 }),
        new("1,000 requests late", o => o with { Delay = 1000 }),
        new("50 % missing", o => o with { Missing = 0.5 }),
        new("95 % missing", o => o with { Missing = 0.95 }),
        new("30 % twice", o => o with { Duplicates = 0.3 }, LeavesStateAlone: true),
        new("10 % wrong, corrected later", o => o with { Corrections = 0.1 }),
        new("5 % flipped", o => o with { Flipped = 0.05 }),
    ];
}
