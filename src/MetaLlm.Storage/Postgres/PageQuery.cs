using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Reads a page of a tenant's rows after a number.</summary>
internal static class PageQuery
{
    /// <summary>Reads a page.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="page">The question: $1 is the tenant, $2 the number, $3 the most rows.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="after">The number.</param>
    /// <param name="limit">Most rows.</param>
    /// <param name="read">Reads a row of the tenant.</param>
    /// <param name="cancellationToken">Cancels between rows.</param>
    public static async Task<IReadOnlyList<T>> ReadAsync<T>(
        NpgsqlConnection connection, string page, string tenant, long after, int limit, Func<PostgresRow, string, T> read, CancellationToken cancellationToken)
    {
        var command = new NpgsqlCommand(page, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = after }, new() { Value = limit } },
        };
        await using var commandEnd = command.ConfigureAwait(false);
        var found = new List<T>();
        var reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await using var readerEnd = reader.ConfigureAwait(false);
        while (await reader.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            found.Add(read(new PostgresRow(reader), tenant));
        }

        return found;
    }
}
