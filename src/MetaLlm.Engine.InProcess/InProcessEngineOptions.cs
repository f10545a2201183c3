namespace MetaLlm.Engine.InProcess;

/// <summary>How the in-process engine keeps its tenants.</summary>
public sealed class InProcessEngineOptions
{
    /// <summary>Most calls that wait for one tenant; further callers wait until there is room.</summary>
    /// <value>Default 1,024; 1 to 100,000.</value>
    public int MailboxCapacity { get; set; } = 1024;

    /// <summary>Time without calls after which a tenant's state is saved and leaves memory.</summary>
    /// <value>Default 10 minutes; 1 second to 7 days.</value>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How often idle tenants are looked for and calls that nobody settled are charged.</summary>
    /// <value>Default 30 seconds; 100 milliseconds to 1 hour.</value>
    public TimeSpan MaintenanceInterval { get; set; } = TimeSpan.FromSeconds(30);
}
