using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Keeps requests on behalf of callers that have no database. Any silo, any number of them.</summary>
[Alias("metallm.2.request-log")]
internal interface IRequestLogGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IRequestLogStore.PutAsync"/>.</summary>
    [Alias("put")]
    ValueTask<bool> PutAsync(IReadOnlyList<LoggedRequest> requests, CancellationToken cancellationToken);

    /// <summary>See <see cref="IRequestLogStore.FindAsync"/>.</summary>
    [Alias("find")]
    ValueTask<LoggedRequest?> FindAsync(string tenant, string id, CancellationToken cancellationToken);

    /// <summary>See <see cref="IRequestLogStore.ListAsync"/>.</summary>
    [Alias("list")]
    ValueTask<IReadOnlyList<LoggedRequest>> ListAsync(LoggedRequestQuery query, CancellationToken cancellationToken);

    /// <summary>See <see cref="IRequestLogStore.ListTenantsAsync"/>.</summary>
    [Alias("list-tenants")]
    ValueTask<IReadOnlyList<string>> ListTenantsAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="IRequestLogStore.DropAsync"/>.</summary>
    [Alias("drop")]
    ValueTask<int> DropAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IRequestLogStore.DeleteTenantAsync"/>.</summary>
    [Alias("delete-tenant")]
    ValueTask<bool> DeleteTenantAsync(string tenant, CancellationToken cancellationToken);
}
