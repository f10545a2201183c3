using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Batches;

namespace MetaLlm.Storage.Postgres;

/// <summary>Files of tenants in PostgreSQL.</summary>
/// <param name="database">The database.</param>
public sealed class PostgresFileStore(PostgresDatabase database) : IFileStore
{
    private static readonly string Begin = TenantTurn.Of("@Tenant", FileSql.Begin);
    private static readonly string End = TenantTurn.Of("@tenant", FileSql.End);

    /// <inheritdoc/>
    public async ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostFiles, 1);
        return await database.ExecuteAsync(Begin, FileRow.Of(file, mostFiles), cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(part);
        await database.ExecuteAsync(FileSql.Append, new { tenant, id, part = (long)part, content = content.ToArray() }, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        ArgumentOutOfRangeException.ThrowIfNegative(mostBytes);
        return await database.ExecuteAsync(End, new { tenant, id, bytes, mostBytes }, cancellationToken).ConfigureAwait(false) > 0;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        (await database.QueryAsync<FileRow>(FileSql.Find, new { tenant, id }, cancellationToken).ConfigureAwait(false)).SingleOrDefault()?.ToFile();

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var rows = await database.QueryAsync<FileRow>(newestFirst ? FileSql.NewestFirst : FileSql.OldestFirst, new { tenant, purpose, after, limit }, cancellationToken).ConfigureAwait(false);
        return [.. rows.Select(row => row.ToFile())];
    }

    /// <inheritdoc/>
    public async ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken) =>
        (await database.QueryAsync<byte[]>(FileSql.Read, new { tenant, id, part = (long)part }, cancellationToken).ConfigureAwait(false)).SingleOrDefault();

    /// <inheritdoc/>
    public async ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken)
    {
        var row = (await database.QueryAsync<FileUseRow>(FileSql.Measure, new { tenant }, cancellationToken).ConfigureAwait(false)).Single();
        return new FileUse(row.Files, row.Bytes);
    }

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var found = await database.ExecuteAsync(FileSql.Delete, new { tenant, id }, cancellationToken).ConfigureAwait(false) > 0;
        await database.ExecuteAsync(FileSql.DeleteParts, new { tenant, id }, cancellationToken).ConfigureAwait(false);
        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        var old = (await database.QueryAsync<FileRow>(FileSql.Old, new { before = before.UtcTicks, brokenBefore = brokenBefore.UtcTicks, limit }, cancellationToken).ConfigureAwait(false)).ToList();
        foreach (var file in old)
        {
            // Parts first: what is left behind by a fault is found again with its file.
            var row = new { tenant = file.Tenant, id = file.FileId };
            await database.ExecuteAsync(FileSql.DeleteParts, row, cancellationToken).ConfigureAwait(false);
            await database.ExecuteAsync(FileSql.Delete, row, cancellationToken).ConfigureAwait(false);
        }

        return old.Count;
    }

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await database.ExecuteAsync(FileSql.DeleteTenant, new { tenant }, cancellationToken).ConfigureAwait(false);
        await database.ExecuteAsync(FileSql.DeleteTenantParts, new { tenant }, cancellationToken).ConfigureAwait(false);
    }
}
