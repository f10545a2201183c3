using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tenants;

/// <summary>The tenants' arms for whoever routes, over HTTP or within the process.</summary>
internal sealed class ArmCatalog(TenantCatalog catalog, TenantSetups setups) : IArmCatalog
{
    /// <inheritdoc/>
    public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant) => catalog.Targets(SideTenant.Principal(tenant));

    /// <inheritdoc/>
    public ContextParts Context(string tenant) => catalog.Context(SideTenant.Principal(tenant));

    /// <inheritdoc/>
    public ValueTask PrepareAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = catalog.FindAsync(SideTenant.Principal(tenant), cancellationToken);
        return found is { IsCompletedSuccessfully: true, Result: null or { Setup.InForce: not null } } ? ValueTask.CompletedTask : AwaitAsync(found.AsTask(), cancellationToken);
    }

    private async ValueTask AwaitAsync(Task<Configuration.TenantSettings?> finding, CancellationToken cancellationToken)
    {
        try
        {
            if (await finding.ConfigureAwait(false) is { } settings)
            {
                await setups.ReadyAsync(settings, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ApiException e)
        {
            throw new EngineUnavailableException(e.Message, e);
        }
    }
}
