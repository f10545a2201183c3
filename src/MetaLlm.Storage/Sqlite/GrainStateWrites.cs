using MetaLlm.Engine.Ports;
using Microsoft.Data.Sqlite;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Replaces states of grains.</summary>
internal sealed class GrainStateWrites(SqliteConnection connection) : IDisposable
{
    private const string Key = "id_hash = ?1 AND type_hash = ?2 AND id_n0 = ?3 AND id_n1 = ?4 AND id_text = ?5 AND type_name = ?6 AND service_id = ?7";

    private readonly PreparedStatement _find = new(connection, $"SELECT version FROM orleans_grain_state WHERE {Key}");

    private readonly PreparedStatement _insert = new(connection, """
        INSERT INTO orleans_grain_state (id_hash, type_hash, id_n0, id_n1, id_text, type_name, service_id, payload, version)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 1)
        """);

    private readonly PreparedStatement _update = new(connection,
        $"UPDATE orleans_grain_state SET payload = ?8, version = ?9, modified_at = CURRENT_TIMESTAMP WHERE {Key}");

    /// <returns>The new version, or null when another than the expected one is there.</returns>
    public int? Write(GrainStateKey key, byte[]? payload, int? expectedVersion)
    {
        Bind(_find, key);
        int? found = null;
        if (_find.Step())
        {
            found = (int)_find.Long(0);
            _find.Reset();
        }

        if (found != expectedVersion)
        {
            return null;
        }

        var next = (found ?? 0) + 1;
        var write = found is null ? _insert : _update;
        Bind(write, key);
        if (payload is null)
        {
            write.Bind(8, (string?)null);
        }
        else
        {
            write.Bind(8, payload);
        }

        if (found is not null)
        {
            write.Bind(9, next);
        }

        write.Execute();
        return next;
    }

    public void Dispose()
    {
        _find.Dispose();
        _insert.Dispose();
        _update.Dispose();
    }

    private static void Bind(PreparedStatement statement, GrainStateKey key)
    {
        statement.Bind(1, key.IdHash);
        statement.Bind(2, key.TypeHash);
        statement.Bind(3, key.IdN0);
        statement.Bind(4, key.IdN1);
        statement.Bind(5, key.IdText);
        statement.Bind(6, key.TypeName);
        statement.Bind(7, key.ServiceId);
    }
}
