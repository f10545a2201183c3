using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>The silo's files for processes that have no store. It keeps nothing itself, so that calls may interleave.</summary>
[GrainType("metallm.file-store")]
[StatelessWorker, Reentrant]
internal sealed class FileStoreGrain(IServiceProvider services) : Grain, IFileStoreGrain
{
    private IFileStore Store => services.GetService<IFileStore>() ?? throw new EngineUnavailableException("The silo's store keeps no files.");

    /// <inheritdoc/>
    public ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken) =>
        Store.BeginAsync(file, mostFiles, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken)
    {
        await Store.AppendAsync(tenant, id, part, content, cancellationToken);
        return true;
    }

    /// <inheritdoc/>
    public ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken) =>
        Store.EndAsync(tenant, id, bytes, mostBytes, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Store.FindAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken) =>
        Store.ListAsync(tenant, purpose, after, newestFirst, limit, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken) =>
        Store.ReadAsync(tenant, id, part, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken) =>
        Store.MeasureAsync(tenant, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken) =>
        Store.DeleteAsync(tenant, id, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken) =>
        Store.DropAsync(before, brokenBefore, limit, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Store.DeleteTenantAsync(tenant, cancellationToken);
        return true;
    }
}
