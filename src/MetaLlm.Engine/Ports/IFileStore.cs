using MetaLlm.Engine.Batches;

namespace MetaLlm.Engine.Ports;

/// <summary>Files of tenants. Each tenant sees its own. A file comes in parts, and is there once it is whole.</summary>
/// <remarks>
/// Implementations are safe for concurrent use, by several processes as well. Where the store is away, a call fails with an <see cref="EngineUnavailableException"/>; a change may then be
/// written or not.
/// </remarks>
public interface IFileStore
{
    /// <summary>Begins a file, which has no content yet, where its tenant has room for it.</summary>
    /// <param name="file">The file.</param>
    /// <param name="mostFiles">Most files of the tenant, this one and those that are still coming included; at least 1. Of several that come at once, no more than that are begun.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether it was begun.</returns>
    ValueTask<bool> BeginAsync(StoredFile file, long mostFiles, CancellationToken cancellationToken);

    /// <summary>Adds a part of a file that was begun. A part that is there already is replaced.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The file.</param>
    /// <param name="part">The part's number, from 0 without gaps.</param>
    /// <param name="content">The part.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    ValueTask AppendAsync(string tenant, string id, int part, ReadOnlyMemory<byte> content, CancellationToken cancellationToken);

    /// <summary>Says that a file is whole, where its tenant has room for it. It is durable when the call returns.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">The file.</param>
    /// <param name="bytes">Bytes of its content, at least 0.</param>
    /// <param name="mostBytes">Most bytes of the tenant's files that are whole, this one included; at least 0. Of several that end at once, no more than that become whole.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>Whether it had been begun, and is there.</returns>
    ValueTask<bool> EndAsync(string tenant, string id, long bytes, long mostBytes, CancellationToken cancellationToken);

    /// <summary>A file that is whole; null where there is none.</summary>
    ValueTask<StoredFile?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Files that are whole, by their time and id.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="purpose">Their purpose; null for every one.</param>
    /// <param name="after">The file after which to go on; null to begin. One that is unknown gives an empty list.</param>
    /// <param name="newestFirst">Whether the newest come first.</param>
    /// <param name="limit">Most files, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<StoredFile>> ListAsync(string tenant, string? purpose, string? after, bool newestFirst, int limit, CancellationToken cancellationToken);

    /// <summary>A part of a file that is whole; null where it has fewer.</summary>
    ValueTask<byte[]?> ReadAsync(string tenant, string id, int part, CancellationToken cancellationToken);

    /// <summary>What a tenant's files take.</summary>
    ValueTask<FileUse> MeasureAsync(string tenant, CancellationToken cancellationToken);

    /// <summary>Deletes a file with its parts, whole or not.</summary>
    /// <returns>Whether there was one.</returns>
    ValueTask<bool> DeleteAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>Deletes files of all tenants that are older than a time, and those older than another time that are not whole.</summary>
    /// <param name="before">The time.</param>
    /// <param name="brokenBefore">The time for files that are not whole.</param>
    /// <param name="limit">Most files to delete, at least 1.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    /// <returns>How many were deleted; fewer than the limit when no more are left.</returns>
    ValueTask<int> DropAsync(DateTimeOffset before, DateTimeOffset brokenBefore, int limit, CancellationToken cancellationToken);

    /// <summary>Deletes all files of a tenant.</summary>
    ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
