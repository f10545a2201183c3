using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Batches;

/// <summary>Writes a file in parts. It begins with its first byte, and is there once it is ended.</summary>
/// <param name="store">Where it goes.</param>
/// <param name="file">The file.</param>
internal sealed class FileWriter(IFileStore store, StoredFile file)
{
    private readonly byte[] _part = new byte[TenantFiles.PartBytes];
    private int _filled;
    private int _parts;

    /// <summary>Bytes so far.</summary>
    public long Bytes { get; private set; }

    /// <summary>Whether anything was written.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Adds bytes.</summary>
    public async ValueTask WriteAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            await store.BeginAsync(file, cancellationToken).ConfigureAwait(false);
            HasBegun = true;
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
    public async ValueTask<StoredFile?> EndAsync(CancellationToken cancellationToken)
    {
        if (!HasBegun)
        {
            return null;
        }

        await FlushAsync(cancellationToken).ConfigureAwait(false);
        await store.EndAsync(file.Tenant, file.Id, Bytes, cancellationToken).ConfigureAwait(false);
        return file with { Bytes = Bytes };
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
