using MetaLlm.Engine.Batches;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Batches;

/// <summary>Files of tenants, within the limits of the configuration. Another tenant's file is as unknown as one that never was.</summary>
internal sealed class TenantFiles(SettingsStore settings, TimeProvider time, IFileStore? store = null)
{
    /// <summary>What batches ask.</summary>
    public const string Asked = "batch";

    /// <summary>What came of batches.</summary>
    public const string Results = "batch_output";

    /// <summary>Bytes of a part.</summary>
    public const int PartBytes = 1024 * 1024;

    private const int SweptAtOnce = 50;
    private static readonly TimeSpan LongestUpload = TimeSpan.FromHours(1);

    /// <summary>Where they lie.</summary>
    /// <exception cref="ApiException">Nowhere.</exception>
    public IFileStore Store => store ?? throw new ApiException(ErrorCode.BatchesDisabled, "Files are not kept: the store of this application has no place for them.");

    private TimeSpan Kept => TimeSpan.FromDays(settings.Current.Batches.Days);

    /// <summary>A file.</summary>
    /// <exception cref="ApiException">There is none, or it is too old.</exception>
    public async ValueTask<StoredFile> FindAsync(string tenant, string id, CancellationToken cancellationToken) =>
        await Store.FindAsync(tenant, id, cancellationToken).ConfigureAwait(false) is { } file && file.CreatedAt + Kept > time.GetUtcNow()
            ? file
            : throw new ApiException(ErrorCode.FileNotFound, $"There is no file '{id}'.", "id");

    /// <summary>A file as clients see it.</summary>
    public FileBody BodyOf(StoredFile file) => new()
    {
        Id = file.Id,
        Bytes = file.Bytes,
        CreatedAt = file.CreatedAt.ToUnixTimeSeconds(),
        ExpiresAt = (file.CreatedAt + Kept).ToUnixTimeSeconds(),
        Filename = file.Name,
        Purpose = file.Purpose,
    };

    /// <summary>Refuses a file before it is read where its tenant has no room for it now. Others may come meanwhile, and not every form says how long it is: who writes it looks again.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="bytes">Bytes that are to come, as far as they are known.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is no room.</exception>
    public async ValueTask RequireRoomAsync(string tenant, long bytes, CancellationToken cancellationToken)
    {
        var limits = settings.Current.Batches;
        var use = await Store.MeasureAsync(tenant, cancellationToken).ConfigureAwait(false);
        if (use.Files >= limits.TenantFiles)
        {
            throw new ApiException(ErrorCode.FileQuotaReached, $"The tenant has {use.Files} files; at most {limits.TenantFiles} are legal.", "file");
        }

        if (use.Bytes + bytes > limits.TenantBytes)
        {
            throw new ApiException(ErrorCode.FileQuotaReached, $"The tenant's files would have {use.Bytes + bytes} bytes; at most {limits.TenantBytes} are legal.", "file");
        }
    }

    /// <summary>The whole content of a file.</summary>
    /// <exception cref="ApiException">There is none.</exception>
    public async Task<byte[]> ReadAsync(string tenant, string id, CancellationToken cancellationToken)
    {
        var file = await FindAsync(tenant, id, cancellationToken).ConfigureAwait(false);
        using var whole = new MemoryStream((int)file.Bytes);
        for (var part = 0; await Store.ReadAsync(tenant, id, part, cancellationToken).ConfigureAwait(false) is { } content; part++)
        {
            whole.Write(content);
        }

        return whole.Length == file.Bytes ? whole.ToArray() : throw new ApiException(ErrorCode.FileNotFound, $"There is no file '{id}' any more.", "id");
    }

    /// <summary>Deletes what is kept no more.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        for (var dropped = SweptAtOnce; dropped == SweptAtOnce && store is not null;)
        {
            dropped = await store.DropAsync(now - Kept, now - LongestUpload, SweptAtOnce, cancellationToken).ConfigureAwait(false);
        }
    }
}
