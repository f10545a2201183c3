using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;

namespace MetaLlm.Gateway.Rollout;

/// <summary>Tenants that stand beside a tenant for calls of which nothing is counted as its own. Safe for concurrent use.</summary>
internal sealed class SideTenants(ITenantEngine engine, PendingSettlements settlements)
{
    private readonly ConcurrentDictionary<string, Task<TenantConfiguration>> _configured = new(StringComparer.Ordinal);

    /// <summary>Tells one's owner its configuration, once for each that there is.</summary>
    /// <param name="name">The side tenant.</param>
    /// <param name="wanted">Its configuration.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task ConfigureAsync(string name, TenantConfiguration wanted, CancellationToken cancellationToken)
    {
        if (_configured.TryGetValue(name, out var known) && TenantConfigurationJson.Same(await known.ConfigureAwait(false), wanted))
        {
            return;
        }

        var telling = TellAsync(name, wanted, cancellationToken);
        _configured[name] = telling;
        try
        {
            await telling.ConfigureAwait(false);
        }
        catch
        {
            _configured.TryRemove(KeyValuePair.Create(name, telling));
            throw;
        }
    }

    /// <summary>A tenant was deleted, and those beside it went with it: one of its name that is made anew has to tell them again.</summary>
    /// <param name="tenant">The tenant.</param>
    public void Forget(string tenant)
    {
        foreach (var suffix in SideTenant.Suffixes)
        {
            _configured.TryRemove(tenant + suffix, out _);
        }
    }

    /// <summary>What is known of one, once what its calls cost is recorded.</summary>
    /// <param name="name">The side tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>Null while it has made no call.</returns>
    public async Task<TenantReport?> DescribeAsync(string name, CancellationToken cancellationToken)
    {
        await settlements.WaitAsync(name, cancellationToken).ConfigureAwait(false);
        try
        {
            return await engine.DescribeAsync(name, cancellationToken).ConfigureAwait(false);
        }
        catch (UnknownTenantException)
        {
            return null;
        }
    }

    private async Task<TenantConfiguration> TellAsync(string name, TenantConfiguration wanted, CancellationToken cancellationToken)
    {
        await engine.ConfigureAsync(name, wanted, PolicyRestart.Forget, cancellationToken).ConfigureAwait(false);
        return wanted;
    }
}
