using Dapper;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Search;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Searches the journal's file.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteDecisionSearch(SqliteDatabase database) : IDecisionSearch
{
    /// <inheritdoc/>
    public async ValueTask<DecisionSearchPage> SearchAsync(DecisionSearchQuery query, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(query);
        query.ThrowIfInvalid();

        // SQLite's calls block, and this one may take a while.
        return await Task.Run(() => database.Read(session => Search(session.Connection, query, cancellationToken), cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private static DecisionSearchPage Search(SqliteConnection connection, DecisionSearchQuery query, CancellationToken cancellationToken)
    {
        if (connection.QuerySingleOrDefault<DecisionSearchEnds>(DecisionSearchSql.Ends, new { owner = query.Owner }) is not { } ends)
        {
            return new DecisionSearchPage([], null);
        }

        var range = new DecisionSearchRange(query, Place(query.From, ends.Low), Place(query.To, ends.High));
        foreach (var row in connection.Query<DecisionSearchRow>(DecisionSearchSql.Rows(query), range.Parameters, buffered: false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!range.Add(row))
            {
                break;
            }
        }

        return range.Page;

        long Place(DateTimeOffset? at, long otherwise) => at is { } time
            ? connection.QuerySingle<long>(DecisionSearchSql.Place, new { owner = query.Owner, low = ends.Low, high = ends.High, at = time.UtcTicks })
            : otherwise;
    }
}
