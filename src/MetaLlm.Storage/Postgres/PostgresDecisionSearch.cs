using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Search;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Searches the journal in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresDecisionSearch(PostgresDatabase database) : IDecisionSearch
{
    /// <inheritdoc/>
    public async ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.ThrowIfInvalid();
        return await database.ReadAsync(connection => SearchAsync(connection, query, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static async Task<DecisionSearchPage> SearchAsync(NpgsqlConnection connection, DecisionSearchQuery query, CancellationToken cancellationToken)
    {
        var asked = new CommandDefinition(DecisionSearchSql.Ends, new { owner = query.Owner }, cancellationToken: cancellationToken);
        if (await connection.QuerySingleOrDefaultAsync<DecisionSearchEnds>(asked).ConfigureAwait(false) is not { } ends)
        {
            return new DecisionSearchPage([], null);
        }

        var range = new DecisionSearchRange(query, await PlaceAsync(query.From, ends.Low).ConfigureAwait(false), await PlaceAsync(query.To, ends.High).ConfigureAwait(false));
        await foreach (var row in connection.QueryUnbufferedAsync<DecisionSearchRow>(DecisionSearchSql.Rows(query), range.Parameters).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            if (!range.Add(row))
            {
                break;
            }
        }

        return range.Page;

        async Task<long> PlaceAsync(DateTimeOffset? at, long otherwise) => at is { } time
            ? await connection.QuerySingleAsync<long>(new CommandDefinition(
                DecisionSearchSql.Place, new { owner = query.Owner, low = ends.Low, high = ends.High, at = time.UtcTicks }, cancellationToken: cancellationToken)).ConfigureAwait(false)
            : otherwise;
    }
}
