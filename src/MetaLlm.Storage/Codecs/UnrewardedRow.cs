using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Codecs;

/// <summary>An answered decision without a reward, as a query gives it.</summary>
internal sealed class UnrewardedRow
{
    public long Ordinal { get; init; }

    public string DecisionId { get; init; } = "";

    public long DecidedAt { get; init; }

    public UnrewardedDecision ToDecision() => new(Ordinal, DecisionId, new DateTimeOffset(DecidedAt, TimeSpan.Zero));
}
