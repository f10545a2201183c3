using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Tenants;

/// <summary>How far the settings of a tenant have got. Safe for concurrent use.</summary>
internal sealed class TenantSetup
{
    private readonly Lock _gate = new();
    private volatile TenantSettings? _inForce;
    private volatile Quarantine? _quarantine;
    private Task? _running;

    /// <summary>The settings by which requests are served: these, or those before them where the policy's owner refused these. Null until that is known.</summary>
    public TenantSettings? InForce => _inForce;

    /// <summary>Why the tenant is not served; null while nothing is known against it.</summary>
    public Quarantine? Quarantined => _quarantine;

    /// <summary>Ends with the set-up that runs, if one does.</summary>
    public Task Idle
    {
        get
        {
            lock (_gate)
            {
                return _running ?? Task.CompletedTask;
            }
        }
    }

    /// <summary>Starts a set-up, or joins the one that runs.</summary>
    /// <param name="run">The set-up.</param>
    public Task JoinAsync(Func<Task> run)
    {
        lock (_gate)
        {
            return _running is { IsCompleted: false } running ? running : _running = Task.Run(run, CancellationToken.None);
        }
    }

    /// <summary>The tenant is served.</summary>
    /// <param name="settings">By these settings.</param>
    public void Serve(TenantSettings settings) => (_quarantine, _inForce) = (null, settings);

    /// <summary>The tenant is not served until a set-up succeeds.</summary>
    /// <param name="quarantine">Why, and until when nobody tries.</param>
    public void Refuse(Quarantine quarantine) => (_inForce, _quarantine) = (null, quarantine);
}
