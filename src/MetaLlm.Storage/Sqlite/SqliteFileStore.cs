using Dapper;
using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Batches;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Files of tenants in the journal's file, written by its one writer.</summary>
/// <param name="database">The open file.</param>
public sealed class SqliteFileStore(SqliteDatabase database) : IFileStore
{
    /// <inheritdoc/>
    public async ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostFiles, 1);
        var row = FileRow.Of(file, mostFiles);
        return await database.Writer.WriteAsync(session => session.Connection.Execute(FileSql.Begin, row), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        var row = new { tenant, id, part, content = content.ToArray() };
        await database.Writer.WriteAsync(session => session.Connection.Execute(FileSql.Append, row), canWait: true, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        return await database.Writer.WriteAsync(session => session.Connection.Execute(FileSql.End, new { tenant, id, bytes, mostBytes }), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<FileRow>(FileSql.Find, new { tenant, id })?.ToFile(), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return ValueTask.FromResult<IReadOnlyList<StoredFile>>(database.Read<List<StoredFile>>(
            session => [.. session.Connection.Query<FileRow>(newestFirst ? FileSql.NewestFirst : FileSql.OldestFirst, new { tenant, purpose, after, limit }).Select(row => row.ToFile())], cancellationToken));
    }

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingleOrDefault<byte[]>(FileSql.Read, new { tenant, id, part }), cancellationToken));

    /// <inheritdoc/>
    public ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken) => ValueTask.FromResult(database.Read(
        session => session.Connection.QuerySingle<FileUseRow>(FileSql.Measure, new { tenant }) is var row ? new FileUse(row.Files, row.Bytes) : null!, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) => await database.Writer.WriteAsync(
        session =>
        {
            session.Connection.Execute(FileSql.DeleteParts, new { tenant, id });
            return session.Connection.Execute(FileSql.Delete, new { tenant, id });
        },
        cancellationToken).ConfigureAwait(false) > 0;

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        return await database.Writer.WriteAsync(
            session =>
            {
                var old = session.Connection.Query<FileRow>(FileSql.Old, new { before = before.UtcTicks, brokenBefore = brokenBefore.UtcTicks, limit }).ToList();
                foreach (var file in old)
                {
                    session.Connection.Execute(FileSql.DeleteParts, new { tenant = file.Tenant, id = file.FileId });
                    session.Connection.Execute(FileSql.Delete, new { tenant = file.Tenant, id = file.FileId });
                }

                return old.Count;
            },
            canWait: true,
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) => await database.Writer.WriteAsync(
        session => session.Connection.Execute(FileSql.DeleteTenantParts, new { tenant }) + session.Connection.Execute(FileSql.DeleteTenant, new { tenant }), cancellationToken).ConfigureAwait(false);
}
