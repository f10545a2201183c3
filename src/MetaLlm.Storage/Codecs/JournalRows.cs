using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Storage.Codecs;

/// <summary>Turns rows of a journal into decisions and events: which columns a query names, in which order, and what they mean.</summary>
internal static class JournalRows
{
    /// <summary>Columns of a decision <c>d</c>.</summary>
    public const string DecisionColumns =
        "d.decision_id, d.ordinal, d.applied_sequence, d.decided_at, d.feature_schema, d.context, d.pinned, d.chosen_arm, d.record";

    /// <summary>
    /// Columns of an event <c>e</c> and the decision <c>d</c> that it is about, which may be none. What may change later (served arm, money) comes from the event's own copy; the
    /// decision's others never change.
    /// </summary>
    public const string EventColumns = """
        e.sequence, e.kind, e.recorded_at,
        e.decision_ordinal, e.served_arm, e.reserved_usd, e.settled_usd,
        e.configuration, e.to_arm, e.to_reserved_usd, e.reason,
        e.outcome, e.input_tokens, e.cached_tokens, e.output_tokens, e.cost_usd, e.latency_seconds,
        e.reward, e.previous_reward,
        d.decision_id, d.feature_schema, d.context, d.propensity, d.pinned, d.decided_at, e.warm_start, e.weight, e.previous_weight, e.defaulted,
        e.bound_usd, e.to_bound_usd, e.attempts,
        d.record, d.chosen_arm, e.verdicts
        """;

    /// <summary>Leaves out events <c>e</c> about decisions that were dropped.</summary>
    public const string EventIsReadable = "(e.decision_ordinal IS NULL OR d.ordinal IS NOT NULL)";

    /// <summary>Joins the event <c>s</c> that settled a decision <c>d</c>, if one has.</summary>
    public const string SettlementJoin = "LEFT JOIN events s ON s.tenant_key = d.tenant_key AND s.sequence = d.settled_sequence";

    /// <summary>Columns of a decision <c>d</c> that a write is about, and of its <see cref="SettlementJoin"/>.</summary>
    public const string StateColumns = """
        d.ordinal, d.served_arm, d.feature_schema, d.context, d.propensity, d.reserved_usd, d.settled_usd, d.pinned, d.decided_at,
        d.settled_sequence, d.reward, d.reward_weight, d.feedback_count, d.bound_usd,
        s.outcome, s.input_tokens + s.output_tokens,
        d.record, d.chosen_arm, d.verdicts
        """;

    /// <summary>How many <see cref="StateColumns"/> are.</summary>
    public const int StateColumnCount = 19;

    /// <summary>Columns of feedback <c>f</c> and its event <c>e</c>.</summary>
    public const string FeedbackColumns = "f.sequence, f.label, f.comment, e.reward, e.weight, e.defaulted";

    private static readonly FactColumns OfState = new()
    {
        Ordinal = 0, ServedArm = 1, FeatureSchema = 2, Context = 3, Propensity = 4, ReservedUsd = 5, SettledUsd = 6, Pinned = 7, At = 8, BoundUsd = 13, Record = 16, ChosenArm = 17,
    };

    private static readonly FactColumns OfEvent = new()
    {
        Ordinal = 3, ServedArm = 4, FeatureSchema = 20, Context = 21, Propensity = 22, ReservedUsd = 5, SettledUsd = 6, Pinned = 23, At = 24, BoundUsd = 29, Record = 32, ChosenArm = 33,
    };

    // Values of the column events.defaulted. A release that knows the first alone takes the second for it, and both for a reward that is there already;
    // one that knows both takes the third for feedback.
    private const short DefaultedValue = 1;
    private const short WithdrawnValue = 2;
    private const short VerdictValue = 3;

    /// <summary>Columns of a new event, in the order in which stores give their values.</summary>
    public const string NewEventColumns = """
        tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd, settled_usd,
        configuration, to_arm, to_reserved_usd, reason, outcome, input_tokens, cached_tokens, output_tokens, cost_usd, latency_seconds,
        reward, previous_reward, warm_start, weight, previous_weight, defaulted,
        bound_usd, to_bound_usd, attempts, verdicts
        """;

    /// <summary>The kind of an event.</summary>
    public static EventKind KindOf(TenantEvent recorded) => recorded switch
    {
        ConfiguredEvent { Relearns: true } => EventKind.Relearned,
        ConfiguredEvent => EventKind.Configured,
        ReroutedEvent => EventKind.Rerouted,
        SettledEvent => EventKind.Settled,
        RewardedEvent => EventKind.Rewarded,
        WarmStartedEvent => EventKind.WarmStarted,
        QuizzedEvent => EventKind.Quizzed,
        BudgetResetEvent => EventKind.BudgetReset,
        TookInEvent => EventKind.TookIn,
        EvidencedEvent => EventKind.Evidenced,
        ComparedEvent => EventKind.Compared,
        var other => throw new InvalidOperationException($"A journal has no row for a {other.GetType().Name}."),
    };

    /// <summary>What an event says of its decision; null when it is about none.</summary>
    public static DecisionFacts? FactsOf(TenantEvent recorded) => recorded switch
    {
        ReroutedEvent rerouted => rerouted.Decision,
        SettledEvent settled => settled.Decision,
        RewardedEvent rewarded => rewarded.Decision,
        _ => null,
    };

    /// <summary>Seconds that a call took; null when they were not measured, which the event says by a number that is none.</summary>
    public static double? LatencyOf(SettledEvent? settled) => settled is null || double.IsNaN(settled.LatencySeconds) ? null : settled.LatencySeconds;

    /// <summary>Reads a row of <see cref="StateColumns"/>.</summary>
    public static DecisionState ReadState<TRow>(TRow row, string decisionId)
        where TRow : IJournalRow
    {
        var facts = ReadFacts(row, decisionId, OfState);
        return new DecisionState(facts, row.IsNull(9) ? null : row.Long(9), row.DoubleOrNull(10), row.DoubleOrNull(11), (int)row.Long(12),
            row.IsNull(14) ? null : (CallOutcome)row.Long(14), row.DoubleOrNull(15) ?? 0, row.IsNull(18) ? null : row.Text(18));
    }

    /// <summary>Reads a row of <see cref="FeedbackColumns"/> that begins at a column.</summary>
    public static RecordedFeedback ReadFeedback<TRow>(TRow row, int first)
        where TRow : IJournalRow => new(
            row.Long(first),
            IsWithdrawn(row, first + 5) ? null : row.Double(first + 3),
            row.DoubleOrNull(first + 4) ?? 1,
            row.IsNull(first + 1) ? null : row.Text(first + 1),
            row.IsNull(first + 2) ? null : row.Text(first + 2));

    /// <summary>What the column <c>events.defaulted</c> says of an event: 1 for a default, 2 for a reward that is taken back, 3 for judges' verdicts, else null.</summary>
    public static short? StandingOf(TenantEvent recorded) => recorded switch
    {
        RewardedEvent { Withdrawn: true } => WithdrawnValue,
        RewardedEvent { Defaulted: true } => DefaultedValue,
        RewardedEvent { IsVerdict: true } => VerdictValue,
        _ => null,
    };

    /// <summary>Reads a row of <see cref="DecisionColumns"/>.</summary>
    public static DecisionRecord ReadDecision<TRow>(TRow row, string tenant)
        where TRow : IJournalRow
    {
        var columns = new DecisionColumns(
            tenant, row.Text(0), row.Long(1), row.Long(2), Instant(row, 3), row.Text(4), DecisionCodec.DecodeContext(row.Blob(5)), row.Flag(6), row.Text(7));
        return DecisionCodec.Decode(columns, row.Blob(8));
    }

    /// <summary>Reads a row of <see cref="EventColumns"/>.</summary>
    /// <exception cref="InvalidDataException">The event has a kind that this build does not know.</exception>
    public static TenantEvent ReadEvent<TRow>(TRow row, string tenant)
        where TRow : IJournalRow
    {
        var sequence = row.Long(0);
        var at = Instant(row, 2);
        return (EventKind)row.Long(1) switch
        {
            EventKind.Configured or EventKind.Relearned => new ConfiguredEvent
            {
                Sequence = sequence,
                At = at,
                Configuration = TenantConfigurationJson.Decode(row.Blob(7)),
                Relearns = (EventKind)row.Long(1) == EventKind.Relearned,
            },
            EventKind.Rerouted => new ReroutedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(row),
                ToArm = row.Text(8),
                ReservedUsd = row.Double(9),
                Reason = row.Text(10),
                BoundUsd = row.DoubleOrNull(30) ?? 0,
            },
            EventKind.Settled => ReadSettled(row, sequence, at),
            EventKind.Rewarded => new RewardedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(row),
                Reward = row.Double(17),
                PreviousReward = row.DoubleOrNull(18),
                Defaulted = !row.IsNull(28) && row.Long(28) == DefaultedValue,
                Withdrawn = IsWithdrawn(row, 28),
                Weight = row.DoubleOrNull(26) ?? 1,
                PreviousWeight = row.DoubleOrNull(27) ?? 1,
                IsVerdict = !row.IsNull(28) && row.Long(28) == VerdictValue,
                Verdicts = row.IsNull(34) ? null : row.Text(34),
            },
            EventKind.WarmStarted => new WarmStartedEvent
            {
                Sequence = sequence,
                At = at,
                Set = WarmStartCodec.Decode(row.Blob(25)),
                Digest = WarmStartCodec.Digest(row.Blob(25)),
            },
            EventKind.Evidenced => new EvidencedEvent
            {
                Sequence = sequence,
                At = at,
                Set = WarmStartCodec.Decode(row.Blob(25)),
                Digest = WarmStartCodec.Digest(row.Blob(25)),
            },
            EventKind.Quizzed => new QuizzedEvent
            {
                Sequence = sequence,
                At = at,
                Quiz = QuizCodec.Decode(row.Blob(25)),
                Digest = QuizCodec.Digest(row.Blob(25)),
            },
            EventKind.BudgetReset => new BudgetResetEvent { Sequence = sequence, At = at },
            EventKind.TookIn => new TookInEvent { Sequence = sequence, At = at, Positions = TookInCodec.Decode(row.Blob(25)) },
            EventKind.Compared when ComparisonCodec.Decode(row.Blob(25)) is var (ordinal, differs) => new ComparedEvent { Sequence = sequence, At = at, Ordinal = ordinal, Differs = differs },
            var other => throw new InvalidDataException($"Event {sequence} of tenant '{tenant}' has the unknown kind {(int)other}."),
        };
    }

    private static SettledEvent ReadSettled<TRow>(TRow row, long sequence, DateTimeOffset at)
        where TRow : IJournalRow
    {
        var (failed, deployment, weighed) = row.IsNull(31) ? ([], null, null) : AttemptsCodec.Decode(row.Blob(31));
        return new SettledEvent
        {
            Sequence = sequence,
            At = at,
            Decision = ReadFacts(row),
            Outcome = (CallOutcome)row.Long(11),
            Usage = new TokenUsage(row.Double(12), row.Double(13), row.Double(14)),
            CostUsd = row.Double(15),
            LatencySeconds = row.DoubleOrNull(16) ?? double.NaN,
            FailedAttempts = failed,
            Deployment = deployment,
            Weighed = weighed,
        };
    }

    private static DecisionFacts ReadFacts<TRow>(TRow row)
        where TRow : IJournalRow => ReadFacts(row, row.Text(19), OfEvent);

    private static DecisionFacts ReadFacts<TRow>(TRow row, string decisionId, in FactColumns columns)
        where TRow : IJournalRow
    {
        var (inputTokens, userWeight) = DecisionCodec.DecodeFacts(row.Blob(columns.Record));
        return new DecisionFacts
        {
            DecisionId = decisionId,
            Ordinal = row.Long(columns.Ordinal),
            ServedArm = row.Text(columns.ServedArm),
            FeatureSchema = row.Text(columns.FeatureSchema),
            Context = DecisionCodec.DecodeContext(row.Blob(columns.Context)),
            Propensity = row.Double(columns.Propensity),
            ReservedUsd = row.Double(columns.ReservedUsd),
            SettledUsd = row.DoubleOrNull(columns.SettledUsd),
            Pinned = row.Flag(columns.Pinned),
            At = Instant(row, columns.At),
            BoundUsd = row.DoubleOrNull(columns.BoundUsd) ?? 0,
            InputTokens = inputTokens,
            UserWeight = userWeight,
            ChosenArm = row.Text(columns.ChosenArm),
        };
    }

    private static bool IsWithdrawn<TRow>(TRow row, int column)
        where TRow : IJournalRow => !row.IsNull(column) && row.Long(column) == WithdrawnValue;

    private static DateTimeOffset Instant<TRow>(TRow row, int column)
        where TRow : IJournalRow => new(row.Long(column), TimeSpan.Zero);

    /// <summary>Which column of a row holds what of a decision's facts.</summary>
    private readonly record struct FactColumns
    {
        public required int Ordinal { get; init; }

        public required int ServedArm { get; init; }

        public required int FeatureSchema { get; init; }

        public required int Context { get; init; }

        public required int Propensity { get; init; }

        public required int ReservedUsd { get; init; }

        public required int SettledUsd { get; init; }

        public required int Pinned { get; init; }

        public required int At { get; init; }

        public required int BoundUsd { get; init; }

        public required int Record { get; init; }

        public required int ChosenArm { get; init; }
    }
}
