using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Reads what a tenant's owner knows.</summary>
internal static class Reports
{
    /// <summary>What the tenant has learned and spent; null for one that was never called, or that cannot be served: its settings can be changed all the same.</summary>
    /// <param name="engine">The engine.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<TenantReport?> FindAsync(ITenantEngine engine, string tenant, CancellationToken cancellationToken)
    {
        try
        {
            return await engine.DescribeAsync(tenant, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (e is UnknownTenantException or TenantRebuildingException or InvalidDataException or EmbeddingModelMismatchException)
        {
            return null;
        }
    }
}
