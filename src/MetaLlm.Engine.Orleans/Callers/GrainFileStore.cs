using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The files of a cluster whose silos have the database.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainFileStore(IGrainFactory grains) : IFileStore
{
    private IFileStoreGrain? _worker;

    private IFileStoreGrain Worker => _worker ??= StoreGrains.Find<IFileStoreGrain>(grains, "files");

    /// <inheritdoc/>
    public ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.BeginAsync(file, mostFiles, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.AppendAsync(tenant, id, part, content, cancellationToken)).ConfigureAwait(false);

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.EndAsync(tenant, id, bytes, mostBytes, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.FindAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ListAsync(tenant, purpose, after, newestFirst, limit, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.ReadAsync(tenant, id, part, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.MeasureAsync(tenant, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.DeleteAsync(tenant, id, cancellationToken));

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken) =>
        ClusterFailures.TranslateAsync(Worker.DropAsync(before, brokenBefore, limit, cancellationToken));

    /// <inheritdoc/>
    public async ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken) =>
        await ClusterFailures.TranslateAsync(Worker.DeleteTenantAsync(tenant, cancellationToken)).ConfigureAwait(false);
}
