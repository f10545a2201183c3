using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Batches;

/// <summary>Writes a file in parts. It begins with its first byte, and is there once it is ended.</summary>
/// <param name="store">Where it goes.</param>
/// <param name="file">The file.</param>
/// <param name="most">What the tenant's files may take together; null for no limit.</param>
internal sealed class FileWriter(IFileStore store, StoredFile file, FileUse? most = null)
{
    private readonly byte[] _part = new byte[TenantFiles.PartBytes];
    private int _filled;
    private int _parts;

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether anything was written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Adds bytes.</summary>
    /// <exception cref="ApiException">The tenant has as many files as it may have.</exception>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            HasBegun = await store.BeginAsync(file, most?.Files ?? long.MaxValue, cancellationToken).ConfigureAwait(false)
                ? true
                : throw new ApiException(ErrorCode.FileQuotaReached, $"With this one the tenant would have more than {most!.Files} files, which are the most.", "file");
        }

        Bytes += bytes.Length;
        while (!bytes.IsEmpty)
        {
            var taken = Math.Min(bytes.Length, _part.Length - _filled);
            bytes[..taken].CopyTo(_part.AsMemory(_filled));
            (_filled, bytes) = (_filled + taken, bytes[taken..]);
            if (_filled == _part.Length)
            {
                await FlushAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Ends the file.</summary>
    /// <returns>It, as it is kept; null where nothing was written.</returns>
    /// <exception cref="ApiException">The tenant's files have as many bytes as they may have.</exception>
    public async ValueTask<StoredFile?> EndAsync(CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            return null;
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        return await store.EndAsync(file.Tenant, file.Id, Bytes, most?.Bytes ?? long.MaxValue, cancellationToken).ConfigureAwait(false) || most is null
            ? file with { Bytes = Bytes }
            : throw new ApiException(ErrorCode.FileQuotaReached, $"With this one's {Bytes} bytes the tenant's files would have more than {most.Bytes}, which are the most.", "file");
    }

    private async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (_filled > 0)
        {
            await store.AppendAsync(file.Tenant, file.Id, _parts++, _part.AsMemory(0, _filled), cancellationToken).ConfigureAwait(false);
            _filled = 0;
        }
    }
}
