using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Codecs;

/// <summary>A new row of <c>events</c>, by column; what a kind does not have is null. <see cref="JournalRows"/> reads it back.</summary>
internal sealed record EventColumns
{
    /// <summary>The columns in the order of the table's statements, which take one value for each.</summary>
    public const string Names = """
        tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd, settled_usd,
        configuration, to_arm, to_reserved_usd, reason, outcome, input_tokens, cached_tokens, output_tokens, cost_usd, latency_seconds,
        reward, previous_reward, warm_start, weight, previous_weight, defaulted
        """;

    private EventColumns(in EventRow row, EventKind kind, DecisionFacts? decision) =>
        (TenantKey, Sequence, Kind, RecordedAt, Decision) = (row.Head.Key, row.Event.Sequence, kind, row.Event.At.UtcTicks, decision);

    public long TenantKey { get; }

    public long Sequence { get; }

    public EventKind Kind { get; }

    public long RecordedAt { get; }

    public DecisionFacts? Decision { get; }

    public byte[]? Configuration { get; private init; }

    public ReroutedEvent? Reroute { get; private init; }

    public SettledEvent? Settlement { get; private init; }

    /// <summary>Null when it was not measured, which the event says by a number that is none.</summary>
    public double? LatencySeconds => Settlement is null || double.IsNaN(Settlement.LatencySeconds) ? null : Settlement.LatencySeconds;

    public RewardedEvent? Rewarded { get; private init; }

    public short? Defaulted => Rewarded is { Defaulted: true } ? 1 : null;

    public byte[]? WarmStart { get; private init; }

    public static EventColumns Of(EventRow row) => row.Event switch
    {
        ConfiguredEvent => new(row, EventKind.Configured, null) { Configuration = row.Encoded },
        ReroutedEvent rerouted => new(row, EventKind.Rerouted, rerouted.Decision) { Reroute = rerouted },
        SettledEvent settled => new(row, EventKind.Settled, settled.Decision) { Settlement = settled },
        RewardedEvent rewarded => new(row, EventKind.Rewarded, rewarded.Decision) { Rewarded = rewarded },
        WarmStartedEvent => new(row, EventKind.WarmStarted, null) { WarmStart = row.Encoded },
        QuizzedEvent => new(row, EventKind.Quizzed, null) { WarmStart = row.Encoded },
        var other => throw new InvalidOperationException($"A journal has no row for a {other.GetType().Name}."),
    };
}
