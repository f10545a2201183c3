using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.WebConsole.Tests;

/// <summary>A directory whose answers are never there at once, as those of a database elsewhere: a page that shows something before it has come fails.</summary>
internal sealed class LateDirectory(ITenantDirectory inner) : ITenantDirectory
{
    /// <summary>Puts it before the directory that is registered.</summary>
    public static void Add(IServiceCollection services) => Watched.Decorate<ITenantDirectory>(services, known => new LateDirectory(known));

    public async ValueTask<long> GetRevisionAsync(CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.GetRevisionAsync(cancellationToken);
    }

    public async ValueTask<IReadOnlyList<DirectoryChange>> ReadChangesAsync(DirectoryChangeQuery query, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.ReadChangesAsync(query, cancellationToken);
    }

    public async ValueTask<DirectoryTenant?> FindTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.FindTenantAsync(tenant, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<DirectoryTenant>> ListTenantsAsync(string? after, int limit, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.ListTenantsAsync(after, limit, cancellationToken);
    }

    public async ValueTask<DirectoryKey?> FindKeyAsync(string keyId, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.FindKeyAsync(keyId, cancellationToken);
    }

    public async ValueTask<IReadOnlyList<DirectoryKey>> ListKeysAsync(string? tenant, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.ListKeysAsync(tenant, cancellationToken);
    }

    public async ValueTask<DirectoryReceipt> WriteAsync(DirectoryWrite write, CancellationToken cancellationToken)
    {
        await Task.Yield();
        return await inner.WriteAsync(write, cancellationToken);
    }

    public async ValueTask RecordUsesAsync(IReadOnlyList<KeyUse> uses, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await inner.RecordUsesAsync(uses, cancellationToken);
    }
}
