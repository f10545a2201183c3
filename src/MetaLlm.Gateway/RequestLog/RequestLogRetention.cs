using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>Deletes requests that are kept no more, by what each tenant says.</summary>
internal sealed class RequestLogRetention(TenantCatalog catalog, TimeProvider time, IRequestLogStore? store = null)
{
    private const int AtOnce = 500;

    /// <summary>Deletes them.</summary>
    /// <returns>How many that were.</returns>
    public async ValueTask<long> SweepAsync(CancellationToken cancellationToken)
    {
        var swept = 0L;
        foreach (var tenant in store is null ? [] : await store.ListTenantsAsync(cancellationToken).ConfigureAwait(false))
        {
            var before = time.GetUtcNow() - TimeSpan.FromDays(await DaysAsync(tenant, cancellationToken).ConfigureAwait(false));
            for (var dropped = AtOnce; dropped == AtOnce; swept += dropped)
            {
                dropped = await store!.DropAsync(tenant, before, AtOnce, cancellationToken).ConfigureAwait(false);
            }
        }

        return swept;
    }

    private async ValueTask<int> DaysAsync(string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return (await catalog.FindAsync(tenant, cancellationToken).ConfigureAwait(false))?.RequestLog.RetentionDays ?? RequestLogSettings.StandardDays;
        }
        catch (Exception e) when (e is ApiException or Engine.Configuration.SettingsException)
        {
            // What the tenant says cannot be read at the moment.
            return RequestLogSettings.StandardDays;
        }
    }
}
