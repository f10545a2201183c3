using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Appends events and keeps what became of each decision in step with them.</summary>
internal sealed class EventWrites(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _findDecision = new(connection, """
        SELECT ordinal, served_arm, reserved_usd, settled_usd, settled_sequence, reward, feature_schema, context, propensity, pinned, decided_at,
            reward_weight
        FROM decisions WHERE tenant_key = ?1 AND decision_id = ?2
        """);

    private readonly PreparedStatement _configure = new(connection,
        "INSERT INTO events (tenant_key, sequence, kind, recorded_at, configuration) VALUES (?1, ?2, 1, ?3, ?4)");

    private readonly PreparedStatement _teach = new(connection,
        "INSERT INTO events (tenant_key, sequence, kind, recorded_at, warm_start) VALUES (?1, ?2, ?5, ?3, ?4)");

    private readonly PreparedStatement _reroute = new(connection, """
        INSERT INTO events (tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd, to_arm, to_reserved_usd, reason)
        VALUES (?1, ?2, 2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
        """);

    private readonly PreparedStatement _settle = new(connection, """
        INSERT INTO events (
            tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd,
            outcome, input_tokens, cached_tokens, output_tokens, cost_usd, latency_seconds)
        VALUES (?1, ?2, 3, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """);

    private readonly PreparedStatement _reward = new(connection, """
        INSERT INTO events (
            tenant_key, sequence, kind, recorded_at, decision_ordinal, served_arm, reserved_usd, settled_usd, reward, previous_reward,
            weight, previous_weight, defaulted)
        VALUES (?1, ?2, 4, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
        """);

    private readonly PreparedStatement _markRerouted = new(connection,
        "UPDATE decisions SET served_arm = ?3, reserved_usd = ?4 WHERE tenant_key = ?1 AND ordinal = ?2");

    private readonly PreparedStatement _markSettled = new(connection,
        "UPDATE decisions SET settled_sequence = ?3, settled_usd = ?4 WHERE tenant_key = ?1 AND ordinal = ?2");

    private readonly PreparedStatement _markRewarded = new(connection,
        "UPDATE decisions SET reward = ?3, reward_weight = ?4, feedback_count = feedback_count + ?5 WHERE tenant_key = ?1 AND ordinal = ?2");

    private readonly PreparedStatement _findFeedback = new(connection,
        "SELECT sequence FROM feedback WHERE tenant_key = ?1 AND decision_ordinal = ?2 AND idempotency_key = ?3");

    private readonly PreparedStatement _insertFeedback = new(connection,
        "INSERT INTO feedback (tenant_key, decision_ordinal, idempotency_key, sequence, label, comment) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");

    public ConfiguredEvent Configure(
        WriteSession session, string tenant, TenantConfiguration configuration, ReadOnlySpan<byte> encoded, DateTimeOffset at)
    {
        var head = session.GetHead(tenant);
        var sequence = Start(_configure, head, at);
        _configure.Bind(4, encoded);
        _configure.Execute();
        return new ConfiguredEvent { Sequence = sequence, At = at, Configuration = configuration };
    }

    public WarmStartedEvent WarmStart(WriteSession session, string tenant, WarmStartSet set, ReadOnlySpan<byte> encoded, DateTimeOffset at)
    {
        var sequence = Teach(session, tenant, EventKind.WarmStarted, encoded, at);
        return new WarmStartedEvent { Sequence = sequence, At = at, Set = set, Digest = WarmStartCodec.Digest(encoded) };
    }

    public QuizzedEvent Quiz(WriteSession session, string tenant, QuizSet quiz, ReadOnlySpan<byte> encoded, DateTimeOffset at)
    {
        var sequence = Teach(session, tenant, EventKind.Quizzed, encoded, at);
        return new QuizzedEvent { Sequence = sequence, At = at, Quiz = quiz, Digest = QuizCodec.Digest(encoded) };
    }

    public ReroutedEvent? Reroute(WriteSession session, string tenant, Reroute reroute, DateTimeOffset at)
    {
        if (session.FindHead(tenant) is not { } head
            || Find(head, reroute.DecisionId, out var facts) is not { Settled: false } decision)
        {
            return null;
        }

        var sequence = Start(_reroute, head, at, decision);
        _reroute.Bind(7, reroute.ToArm);
        _reroute.Bind(8, reroute.ReservedUsd);
        _reroute.Bind(9, reroute.Reason);
        _reroute.Execute();

        _markRerouted.Bind(1, head.TenantKey);
        _markRerouted.Bind(2, decision.Ordinal);
        _markRerouted.Bind(3, reroute.ToArm);
        _markRerouted.Bind(4, reroute.ReservedUsd);
        _markRerouted.Execute();
        return new ReroutedEvent
        {
            Sequence = sequence,
            At = at,
            Decision = facts!,
            ToArm = reroute.ToArm,
            ReservedUsd = reroute.ReservedUsd,
            Reason = reroute.Reason,
        };
    }

    public SettledEvent? Settle(WriteSession session, string tenant, Settlement settlement, double costUsd, DateTimeOffset at)
    {
        if (session.FindHead(tenant) is not { } head
            || Find(head, settlement.DecisionId, out var facts) is not { Settled: false } decision)
        {
            return null;
        }

        var sequence = Start(_settle, head, at, decision);
        _settle.Bind(7, (long)settlement.Outcome);
        _settle.Bind(8, settlement.Usage.Input);
        _settle.Bind(9, settlement.Usage.CachedInput);
        _settle.Bind(10, settlement.Usage.Output);
        _settle.Bind(11, costUsd);
        _settle.Bind(12, settlement.LatencySeconds);
        _settle.Execute();

        _markSettled.Bind(1, head.TenantKey);
        _markSettled.Bind(2, decision.Ordinal);
        _markSettled.Bind(3, sequence);
        _markSettled.Bind(4, costUsd);
        _markSettled.Execute();
        return new SettledEvent
        {
            Sequence = sequence,
            At = at,
            Decision = facts!,
            Outcome = settlement.Outcome,
            Usage = settlement.Usage,
            CostUsd = costUsd,
            LatencySeconds = settlement.LatencySeconds ?? double.NaN,
        };
    }

    public FeedbackReceipt Reward(WriteSession session, string tenant, FeedbackSubmission submission, DateTimeOffset at)
    {
        if (session.FindHead(tenant) is not { } head
            || Find(head, submission.DecisionId, out var facts) is not { } decision)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.UnknownDecision, null);
        }

        if (submission.IsDefault && decision.Reward is not null)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, null);
        }

        if (!submission.IsDefault && FindFeedback(head, decision.Ordinal, submission.IdempotencyKey) is { } first)
        {
            return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Duplicate, first);
        }

        var sequence = Start(_reward, head, at, decision);
        _reward.Bind(7, facts!.SettledUsd);
        _reward.Bind(8, submission.Reward);
        _reward.Bind(9, decision.Reward);
        _reward.Bind(10, submission.Weight);
        _reward.Bind(11, decision.RewardWeight);
        _reward.Bind(12, submission.IsDefault ? 1L : null);
        _reward.Execute();

        if (!submission.IsDefault)
        {
            _insertFeedback.Bind(1, head.TenantKey);
            _insertFeedback.Bind(2, decision.Ordinal);
            _insertFeedback.Bind(3, submission.IdempotencyKey);
            _insertFeedback.Bind(4, sequence);
            _insertFeedback.Bind(5, submission.Label);
            _insertFeedback.Bind(6, submission.Comment);
            _insertFeedback.Execute();
        }

        _markRewarded.Bind(1, head.TenantKey);
        _markRewarded.Bind(2, decision.Ordinal);
        _markRewarded.Bind(3, submission.Reward);
        _markRewarded.Bind(4, submission.Weight);
        _markRewarded.Bind(5, submission.IsDefault ? 0L : 1L);
        _markRewarded.Execute();
        return new FeedbackReceipt(submission.DecisionId, FeedbackStatus.Accepted, sequence)
        {
            Recorded = new RewardedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = facts,
                Reward = submission.Reward,
                PreviousReward = decision.Reward,
                Weight = submission.Weight,
                Defaulted = submission.IsDefault,
                PreviousWeight = decision.RewardWeight,
            },
        };
    }

    public void Dispose()
    {
        PreparedStatement[] all =
        [
            _findDecision, _configure, _teach, _reroute, _settle, _reward, _markRerouted, _markSettled, _markRewarded, _findFeedback,
            _insertFeedback,
        ];
        foreach (var statement in all)
        {
            statement.Dispose();
        }
    }

    private long Teach(WriteSession session, string tenant, EventKind kind, ReadOnlySpan<byte> encoded, DateTimeOffset at)
    {
        var sequence = Start(_teach, session.GetHead(tenant), at);
        _teach.Bind(4, encoded);
        _teach.Bind(5, (long)kind);
        _teach.Execute();
        return sequence;
    }

    /// <summary>Takes the next sequence and binds what every event has.</summary>
    private static long Start(PreparedStatement insert, TenantHead head, DateTimeOffset at)
    {
        head.LastSequence++;
        head.Moved = true;
        insert.Bind(1, head.TenantKey);
        insert.Bind(2, head.LastSequence);
        insert.Bind(3, at.UtcTicks);
        return head.LastSequence;
    }

    /// <summary>The same for an event about a decision: what is in force for it now is copied, because it may change later.</summary>
    private static long Start(PreparedStatement insert, TenantHead head, DateTimeOffset at, in WrittenDecision decision)
    {
        insert.Bind(4, decision.Ordinal);
        insert.Bind(5, decision.ServedArm);
        insert.Bind(6, decision.ReservedUsd);
        return Start(insert, head, at);
    }

    private WrittenDecision? Find(TenantHead head, string decisionId, out DecisionFacts? facts)
    {
        facts = null;
        _findDecision.Bind(1, head.TenantKey);
        _findDecision.Bind(2, decisionId);
        if (!_findDecision.Step())
        {
            return null;
        }

        var found = new WrittenDecision(
            _findDecision.Long(0),
            _findDecision.Text(1),
            _findDecision.Double(2),
            !_findDecision.IsNull(4),
            _findDecision.DoubleOrNull(5),
            _findDecision.DoubleOrNull(11) ?? 1);
        facts = new DecisionFacts
        {
            DecisionId = decisionId,
            Ordinal = found.Ordinal,
            ServedArm = found.ServedArm,
            FeatureSchema = _findDecision.Text(6),
            Context = DecisionCodec.DecodeContext(_findDecision.Blob(7)),
            Propensity = _findDecision.Double(8),
            ReservedUsd = found.ReservedUsd,
            SettledUsd = _findDecision.DoubleOrNull(3),
            Pinned = _findDecision.Long(9) != 0,
            At = new DateTimeOffset(_findDecision.Long(10), TimeSpan.Zero),
        };
        _findDecision.Reset();
        return found;
    }

    private long? FindFeedback(TenantHead head, long ordinal, string key)
    {
        _findFeedback.Bind(1, head.TenantKey);
        _findFeedback.Bind(2, ordinal);
        _findFeedback.Bind(3, key);
        if (!_findFeedback.Step())
        {
            return null;
        }

        var sequence = _findFeedback.Long(0);
        _findFeedback.Reset();
        return sequence;
    }
}
