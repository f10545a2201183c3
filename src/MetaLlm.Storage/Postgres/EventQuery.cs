using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads pages of events.</summary>
internal static class EventQuery
{
    // Columns that may change later (served arm, money) come from the event's own copy; the decision's others never change.
    private const string Page = """
        SELECT e.sequence, e.kind, e.recorded_at,
               e.decision_ordinal, e.served_arm, e.reserved_usd, e.settled_usd,
               e.configuration, e.to_arm, e.to_reserved_usd, e.reason,
               e.outcome, e.input_tokens, e.cached_tokens, e.output_tokens, e.cost_usd, e.latency_seconds,
               e.reward, e.previous_reward,
               d.decision_id, d.feature_schema, d.context, d.propensity, d.pinned, d.decided_at, e.warm_start, e.weight, e.previous_weight, e.defaulted
        FROM events e
        LEFT JOIN decisions d ON d.tenant_key = e.tenant_key AND d.ordinal = e.decision_ordinal
        WHERE e.tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND e.sequence > $2
        ORDER BY e.sequence
        LIMIT $3
        """;

    public static async Task<IReadOnlyList<TenantEvent>> ReadAsync(
        NpgsqlConnection connection, string tenant, long afterSequence, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Page, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = afterSequence }, new() { Value = limit } },
        };
        var found = new List<TenantEvent>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(Read(reader, tenant));
        }

        return found;
    }

    private static TenantEvent Read(NpgsqlDataReader row, string tenant)
    {
        var sequence = row.GetInt64(0);
        var at = Instant(row, 2);
        return (EventKind)row.GetInt16(1) switch
        {
            EventKind.Configured => new ConfiguredEvent
            {
                Sequence = sequence,
                At = at,
                Configuration = TenantConfigurationJson.Decode(row.GetFieldValue<byte[]>(7)),
            },
            EventKind.Rerouted => new ReroutedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(row),
                ToArm = row.GetString(8),
                ReservedUsd = row.GetDouble(9),
                Reason = row.GetString(10),
            },
            EventKind.Settled => new SettledEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(row),
                Outcome = (CallOutcome)row.GetInt16(11),
                Usage = new TokenUsage(row.GetDouble(12), row.GetDouble(13), row.GetDouble(14)),
                CostUsd = row.GetDouble(15),
                LatencySeconds = DoubleOrNull(row, 16) ?? double.NaN,
            },
            EventKind.Rewarded => new RewardedEvent
            {
                Sequence = sequence,
                At = at,
                Decision = ReadFacts(row),
                Reward = row.GetDouble(17),
                PreviousReward = DoubleOrNull(row, 18),
                Defaulted = !row.IsDBNull(28),
                Weight = DoubleOrNull(row, 26) ?? 1,
                PreviousWeight = DoubleOrNull(row, 27) ?? 1,
            },
            EventKind.WarmStarted => Started(sequence, at, row.GetFieldValue<byte[]>(25)),
            EventKind.Quizzed => Quizzed(sequence, at, row.GetFieldValue<byte[]>(25)),
            var other => throw new InvalidDataException($"Event {sequence} of tenant '{tenant}' has the unknown kind {(int)other}."),
        };
    }

    private static WarmStartedEvent Started(long sequence, DateTimeOffset at, byte[] encoded) => new()
    {
        Sequence = sequence,
        At = at,
        Set = WarmStartCodec.Decode(encoded),
        Digest = WarmStartCodec.Digest(encoded),
    };

    private static QuizzedEvent Quizzed(long sequence, DateTimeOffset at, byte[] encoded) => new()
    {
        Sequence = sequence,
        At = at,
        Quiz = QuizCodec.Decode(encoded),
        Digest = QuizCodec.Digest(encoded),
    };

    private static DecisionFacts ReadFacts(NpgsqlDataReader row) => new()
    {
        Ordinal = row.GetInt64(3),
        ServedArm = row.GetString(4),
        ReservedUsd = row.GetDouble(5),
        SettledUsd = DoubleOrNull(row, 6),
        DecisionId = row.GetString(19),
        FeatureSchema = row.GetString(20),
        Context = DecisionCodec.DecodeContext(row.GetFieldValue<byte[]>(21)),
        Propensity = row.GetDouble(22),
        Pinned = row.GetBoolean(23),
        At = Instant(row, 24),
    };

    private static DateTimeOffset Instant(NpgsqlDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private static double? DoubleOrNull(NpgsqlDataReader row, int column) => row.IsDBNull(column) ? null : row.GetDouble(column);
}
