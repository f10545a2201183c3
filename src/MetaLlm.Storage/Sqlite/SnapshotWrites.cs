using System.Globalization;
using MetaLlm.Engine.Ports;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Replaces snapshots.</summary>
internal sealed class SnapshotWrites(SqliteConnection connection) : IDisposable
{
    private readonly PreparedStatement _find = new(connection, "SELECT etag FROM snapshots WHERE tenant = ?1");

    private readonly PreparedStatement _replace = new(connection, """
        INSERT INTO snapshots (tenant, etag, applied_sequence, decision_ordinal, state) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (tenant) DO UPDATE SET
            etag = excluded.etag, applied_sequence = excluded.applied_sequence, decision_ordinal = excluded.decision_ordinal, state = excluded.state
        """);

    /// <exception cref="FencedException">Another snapshot is there; thrown before anything is written.</exception>
    public string Save(string tenant, Snapshot snapshot, string? expectedETag)
    {
        var found = Find(tenant);
        if (Format(found) != expectedETag)
        {
            throw new FencedException(
                $"The snapshot of tenant '{tenant}' has ETag {Format(found) ?? "(none)"} where {expectedETag ?? "(none)"} was expected: another owner saved one.");
        }

        var next = (found ?? 0) + 1;
        _replace.Bind(1, tenant);
        _replace.Bind(2, next);
        _replace.Bind(3, snapshot.AppliedSequence);
        _replace.Bind(4, snapshot.DecisionOrdinal);
        _replace.Bind(5, snapshot.State.Span);
        _replace.Execute();
        return Format(next)!;
    }

    public void Dispose()
    {
        _find.Dispose();
        _replace.Dispose();
    }

    private static string? Format(long? etag) => etag?.ToString(CultureInfo.InvariantCulture);

    private long? Find(string tenant)
    {
        _find.Bind(1, tenant);
        if (!_find.Step())
        {
            return null;
        }

        var etag = _find.Long(0);
        _find.Reset();
        return etag;
    }
}
