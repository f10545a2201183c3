using MetaLlm.Core.Tenancy;
using MetaLlm.Storage.Codecs;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads pages of decisions.</summary>
internal static class DecisionQuery
{
    private const string Page = """
        SELECT decision_id, ordinal, applied_sequence, decided_at, feature_schema, context, pinned, chosen_arm, record
        FROM decisions
        WHERE tenant_key = (SELECT tenant_key FROM tenants WHERE tenant = $1) AND ordinal > $2
        ORDER BY ordinal
        LIMIT $3
        """;

    public static async Task<IReadOnlyList<DecisionRecord>> ReadAsync(
        NpgsqlConnection connection, string tenant, long afterOrdinal, int limit, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Page, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = afterOrdinal }, new() { Value = limit } },
        };
        var found = new List<DecisionRecord>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            var columns = new DecisionColumns(
                tenant,
                reader.GetString(0),
                reader.GetInt64(1),
                reader.GetInt64(2),
                new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero),
                reader.GetString(4),
                DecisionCodec.DecodeContext(reader.GetFieldValue<byte[]>(5)),
                reader.GetBoolean(6),
                reader.GetString(7));
            found.Add(DecisionCodec.Decode(columns, reader.GetFieldValue<byte[]>(8)));
        }

        return found;
    }
}
