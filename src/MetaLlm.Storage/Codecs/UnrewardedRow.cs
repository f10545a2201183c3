using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Codecs;

/// <summary>A decision without a reward, as it is read.</summary>
internal sealed class UnrewardedRow
{
    public long Ordinal { get; init; }

    public string DecisionId { get; init; } = "";

    /// <summary>The decision.</summary>
    public UnrewardedDecision ToDecision() => new(Ordinal, DecisionId);
}
