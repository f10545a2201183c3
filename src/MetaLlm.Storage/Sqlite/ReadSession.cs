using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A reader's connection with its prepared statements. Rented by one caller at a time.</summary>
internal sealed class ReadSession(SqliteConnection connection) : IDisposable
{
    // Columns that may change later (served arm, money) come from the event's own copy; the decision's others never change.
    private readonly PreparedStatement _events = new(connection, """
        SELECT e.sequence, e.kind, e.recorded_at,
               e.decision_ordinal, e.served_arm, e.reserved_usd, e.settled_usd,
               e.configuration, e.to_arm, e.to_reserved_usd, e.reason,
               e.outcome, e.input_tokens, e.cached_tokens, e.output_tokens, e.cost_usd, e.latency_seconds,
               e.reward, e.previous_reward,
               d.decision_id, d.feature_schema, d.context, d.propensity, d.pinned, d.decided_at, e.warm_start, e.weight, e.previous_weight, e.defaulted
        FROM tenants t
        JOIN events e ON e.tenant_key = t.tenant_key
        LEFT JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE t.tenant = ?1 AND e.sequence > ?2
        ORDER BY e.sequence
        LIMIT ?3
        """);

    private readonly PreparedStatement _decisions = new(connection, """
        SELECT d.decision_id, d.ordinal, d.applied_sequence, d.decided_at, d.feature_schema, d.context, d.pinned, d.chosen_arm, d.record
        FROM tenants t
        JOIN decisions d ON d.tenant_key = t.tenant_key
        WHERE t.tenant = ?1 AND d.ordinal > ?2
        ORDER BY d.ordinal
        LIMIT ?3
        """);

    /// <summary>The connection, for queries that are not on the hot path.</summary>
    public SqliteConnection Connection { get; } = connection;

    public List<TenantEvent> ReadEvents(string tenant, long afterSequence, int limit)
    {
        var found = new List<TenantEvent>();
        Start(_events, tenant, afterSequence, limit);
        while (_events.Step())
        {
            found.Add(ReadEvent(tenant));
        }

        return found;
    }

    public List<DecisionRecord> ReadDecisions(string tenant, long afterOrdinal, int limit)
    {
        var found = new List<DecisionRecord>();
        Start(_decisions, tenant, afterOrdinal, limit);
        while (_decisions.Step())
        {
            var columns = new DecisionColumns(
                tenant,
                _decisions.Text(0),
                _decisions.Long(1),
                _decisions.Long(2),
                Instant(_decisions.Long(3)),
                _decisions.Text(4),
                DecisionCodec.DecodeContext(_decisions.Blob(5)),
                _decisions.Long(6) != 0,
                _decisions.Text(7));
            found.Add(DecisionCodec.Decode(columns, _decisions.Blob(8)));
        }

        return found;
    }

    public void Dispose()
    {
        _events.Dispose();
        _decisions.Dispose();
        Connection.Dispose();
    }

    private static DateTimeOffset Instant(long ticks) => new(ticks, TimeSpan.Zero);

    private static void Start(PreparedStatement statement, string tenant, long after, int limit)
    {
        // An exception in the middle of the last use may have left it on a row.
        statement.Reset();
        statement.Bind(1, tenant);
        statement.Bind(2, after);
        statement.Bind(3, limit);
    }

    private TenantEvent ReadEvent(string tenant)
    {
        var sequence = _events.Long(0);
        var at = Instant(_events.Long(2));
        return (EventKind)_events.Long(1) switch
        {
            EventKind.Configured => new ConfiguredEvent
            {
                Sequence = sequence,
                At = at,
                Configuration = TenantConfigurationJson.Decode(_events.Blob(7)),
            },
            EventKind.Rerouted => new ReroutedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(),
                ToArm = _events.Text(8),
                ReservedUsd = _events.Double(9),
                Reason = _events.Text(10),
            },
            EventKind.Settled => new SettledEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(),
                Outcome = (CallOutcome)_events.Long(11),
                Usage = new TokenUsage(_events.Double(12), _events.Double(13), _events.Double(14)),
                CostUsd = _events.Double(15),
                LatencySeconds = _events.DoubleOrNull(16) ?? double.NaN,
            },
            EventKind.Rewarded => new RewardedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(),
                Reward = _events.Double(17),
                PreviousReward = _events.DoubleOrNull(18),
                Defaulted = !_events.IsNull(28),
                Weight = _events.DoubleOrNull(26) ?? 1,
                PreviousWeight = _events.DoubleOrNull(27) ?? 1,
            },
            EventKind.WarmStarted => new WarmStartedEvent
            {
                Sequence = sequence,
                At = at,
                Set = WarmStartCodec.Decode(_events.Blob(25)),
                Digest = WarmStartCodec.Digest(_events.Blob(25)),
            },
            EventKind.Quizzed => new QuizzedEvent
            {
                Sequence = sequence,
                At = at,
                Quiz = QuizCodec.Decode(_events.Blob(25)),
                Digest = QuizCodec.Digest(_events.Blob(25)),
            },
            var other => throw new InvalidDataException($"Event {sequence} of tenant '{tenant}' has the unknown kind {(int)other}."),
        };
    }

    private DecisionFacts ReadFacts() => new()
    {
        Ordinal = _events.Long(3),
        ServedArm = _events.Text(4),
        ReservedUsd = _events.Double(5),
        SettledUsd = _events.DoubleOrNull(6),
        DecisionId = _events.Text(19),
        FeatureSchema = _events.Text(20),
        Context = DecisionCodec.DecodeContext(_events.Blob(21)),
        Propensity = _events.Double(22),
        Pinned = _events.Long(23) != 0,
        At = Instant(_events.Long(24)),
    };
}
