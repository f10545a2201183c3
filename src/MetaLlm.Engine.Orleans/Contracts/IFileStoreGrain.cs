using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Keeps files on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.file-store")]
internal interface IFileStoreGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IFileStore.BeginAsync"/>.</summary>
    [Alias("begin-within")]
    ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.AppendAsync"/>.</summary>
    [Alias("append")]
    ValueTask<bool> AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.EndAsync"/>.</summary>
    [Alias("end-within")]
    ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.FindAsync"/>.</summary>
    [Alias("find")]
    ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.ListAsync"/>.</summary>
    [Alias("list")]
    ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.ReadAsync"/>.</summary>
    [Alias("read")]
    ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.MeasureAsync"/>.</summary>
    [Alias("measure")]
    ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.DeleteAsync"/>.</summary>
    [Alias("delete")]
    ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.DropAsync"/>.</summary>
    [Alias("drop")]
    ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IFileStore.DeleteTenantAsync"/>.</summary>
    [Alias("delete-tenant")]
    ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
