using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tenants;

/// <summary>
/// Tells a tenant's owner its configuration, before the first request under it. A tenant for which that fails is set apart: it alone is answered with 503, and is tried again in
/// the background, at longer and longer intervals.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class TenantSetups(
    ITenantEngine engine, SettingsStore store, TenantCatalog catalog, QuarantineList quarantined, TimeProvider time, ILogger<TenantSetups> logger) : IDisposable
{
    private const int MostAttempts = 3;
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly CancellationTokenSource _stopping = new();

    /// <summary>By which settings tenants of the configuration were served last.</summary>
    private readonly ConcurrentDictionary<string, TenantSettings> _served = new(StringComparer.Ordinal);

    /// <summary>The error for a tenant that is set apart.</summary>
    /// <param name="seconds">When to come again.</param>
    public static ApiError Unavailable(int seconds) =>
        new(ErrorCode.TenantUnavailable, "What is stored of the tenant cannot be used; its operator has to look at it.") { RetryAfterSeconds = seconds };

    /// <summary>Makes sure that a tenant can be served.</summary>
    /// <param name="tenant">Its settings.</param>
    /// <param name="cancellationToken">Ends the wait; the set-up goes on.</param>
    /// <returns>The settings to serve it by.</returns>
    /// <exception cref="ApiException">It cannot be served (503).</exception>
    public ValueTask<TenantSettings> ReadyAsync(TenantSettings tenant, CancellationToken cancellationToken) =>
        tenant.Setup.InForce is { } inForce ? new(inForce) : SetUpAsync(tenant, cancellationToken);

    /// <summary>What is stored of a tenant turned out to be damaged while it was served.</summary>
    /// <param name="tenant">Its settings.</param>
    /// <param name="damage">What was found.</param>
    public void Damaged(TenantSettings tenant, Exception damage)
    {
        // Of many requests that meet the damage, one says so.
        if (tenant.Setup.InForce is not null)
        {
            SetApart(tenant, damage);
        }
    }

    /// <summary>Finds the tenant that a path names, and makes sure that it can be served.</summary>
    /// <param name="id">Its id.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="ApiException">There is none of that name (404), or it cannot be served (503).</exception>
    public async ValueTask<TenantSettings> NamedAsync(string id, CancellationToken cancellationToken) =>
        await ReadyAsync(await catalog.NamedAsync(id, cancellationToken).ConfigureAwait(false), cancellationToken).ConfigureAwait(false);

    public void Dispose()
    {
        _stopping.Cancel();
        _stopping.Dispose();
    }

    /// <summary>Whether a tenant's owner refused its settings, since its policy would forget what it has learned, or since it has another number of owners.</summary>
    /// <param name="tenant">Its settings.</param>
    public static bool IsRefused(TenantSettings tenant) => tenant.Setup.InForce is { } inForce && (inForce != tenant || tenant.IsKept);

    /// <summary>Settings that say what the tenant's owner was told already need not be told again.</summary>
    /// <param name="settings">The new settings of the configuration.</param>
    public void TakeOver(MetaLlmSettings settings)
    {
        foreach (var tenant in settings.Tenants.Values)
        {
            if (_served.TryGetValue(tenant.Id, out var served) && tenant.AsksTheSameAs(served))
            {
                Serve(tenant);
            }
        }

        foreach (var (id, _) in _served.Where(one => !settings.Tenants.ContainsKey(one.Key)))
        {
            _served.TryRemove(id, out _);
            quarantined.Remove(id, served: false);
        }
    }

    private async ValueTask<TenantSettings> SetUpAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (tenant.Setup.Quarantined is { } quarantine)
            {
                throw new ApiException(Unavailable(Seconds(quarantine.RetryAt - time.GetUtcNow())));
            }

            var asked = tenant;
            try
            {
                await tenant.Setup.JoinAsync(() => ConfigureAsync(asked)).WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OutdatedConfigurationException) when (attempt < MostAttempts)
            {
                // Another node has seen a newer one.
                catalog.Forget(tenant.Id);
                tenant = await catalog.NamedAsync(tenant.Id, cancellationToken).ConfigureAwait(false);
                continue;
            }
            catch (OutdatedConfigurationException e)
            {
                throw new EngineUnavailableException(e.Message, e);
            }

            if (tenant.Setup.InForce is { } inForce)
            {
                return inForce;
            }
        }
    }

    /// <exception cref="OutdatedConfigurationException">The owner has a newer one of the directory.</exception>
    private async Task ConfigureAsync(TenantSettings tenant)
    {
        try
        {
            await RequireStandingAsync(tenant).ConfigureAwait(false);
            await engine.ConfigureAsync(tenant.Id, tenant.Configuration, tenant.PolicyRestart, _stopping.Token).ConfigureAwait(false);
            if (!await StandsAsync(tenant).ConfigureAwait(false))
            {
                // It was deleted at this very moment, and the deletion may have come to the owner first.
                await engine.DeleteTenantAsync(tenant.Id, _stopping.Token).ConfigureAwait(false);
                await RequireStandingAsync(tenant).ConfigureAwait(false);
            }

            LogConfigured(logger, tenant.Id, tenant.Configuration.Policy, tenant.Configuration.Arms.Count);
            Serve(tenant);
        }
        catch (Exception e) when (e is PolicyRestartException or ShardedTenantException)
        {
            // It goes on as before; the others get what they are to have.
            LogKept(logger, e.Message);
            Keep(tenant);
        }
        catch (OutdatedConfigurationException e) when (tenant.Revision == 0)
        {
            LogKept(logger, e.Message);
            Keep(tenant);
        }
        catch (Exception e) when (e is InvalidDataException or EmbeddingModelMismatchException or ArgumentException)
        {
            SetApart(tenant, e);
        }
    }

    /// <summary>A gateway hears of a deletion a second later: until then it must not set up anew what is gone.</summary>
    private async Task RequireStandingAsync(TenantSettings tenant)
    {
        if (tenant.Revision > 0 && await catalog.RevisionAsync(tenant.Id).ConfigureAwait(false) is var revision && revision != tenant.Revision)
        {
            throw new OutdatedConfigurationException(tenant.Id, tenant.Revision, revision);
        }
    }

    private async Task<bool> StandsAsync(TenantSettings tenant) => tenant.Revision == 0 || await catalog.RevisionAsync(tenant.Id).ConfigureAwait(false) > 0;

    private void Serve(TenantSettings tenant)
    {
        if (tenant.Revision == 0)
        {
            _served[tenant.Id] = tenant;
        }

        tenant.Setup.Serve(tenant);
        quarantined.Remove(tenant.Id, served: true);
    }

    private void Keep(TenantSettings tenant)
    {
        tenant.IsKept = true;
        var before = _served.GetValueOrDefault(tenant.Id);
        if (before is not null)
        {
            store.Current.Keep(before, instead: tenant);
        }

        tenant.Setup.Serve(before ?? tenant);
        quarantined.Remove(tenant.Id, served: true);
    }

    private void SetApart(TenantSettings tenant, Exception reason)
    {
        var attempts = (tenant.Setup.Quarantined?.Attempts ?? 0) + 1;
        var wait = TimeSpan.FromTicks(Math.Min(ShortestWait.Ticks << Math.Min(attempts - 1, 16), LongestWait.Ticks));
        tenant.Setup.Refuse(new Quarantine(reason, attempts, time.GetUtcNow() + wait));
        quarantined.Add(tenant.Id, reason);
        _ = RetryAsync(tenant, wait);
    }

    private async Task RetryAsync(TenantSettings tenant, TimeSpan wait)
    {
        try
        {
            await Task.Delay(wait, time, _stopping.Token).ConfigureAwait(false);
            if (await catalog.FindAsync(tenant.Id, _stopping.Token).ConfigureAwait(false) == tenant)
            {
                await tenant.Setup.JoinAsync(() => ConfigureAsync(tenant)).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // The host stops.
        }
        catch (OutdatedConfigurationException)
        {
            catalog.Forget(tenant.Id);
        }
#pragma warning disable CA1031 // Whatever keeps this attempt from succeeding, there is another one.
        catch (Exception e)
#pragma warning restore CA1031
        {
            SetApart(tenant, tenant.Setup.Quarantined?.Reason ?? e);
        }
    }

    private static int Seconds(TimeSpan wait) => (int)Math.Clamp(Math.Ceiling(wait.TotalSeconds), 1, LongestWait.TotalSeconds);

    [LoggerMessage(5105, LogLevel.Information, "Tenant {Tenant}: policy {Policy}, {Arms} arms.")]
    private static partial void LogConfigured(ILogger logger, string tenant, string policy, int arms);

    [LoggerMessage(5107, LogLevel.Error, "{Refusal}")]
    private static partial void LogKept(ILogger logger, string refusal);
}
