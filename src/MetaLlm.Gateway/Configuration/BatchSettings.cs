using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Gateway.Configuration;

/// <summary>Files of tenants (<c>/v1/files</c>) and batches of queries (<c>/v1/batches</c>), which hosts run beside other work.</summary>
public sealed record BatchSettings
{
    /// <summary>Whether files and batches are taken. Those that are there already stay, can be read, and run to their end.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Most batches that this host runs at once.</summary>
    /// <value>Default 2; 0 to 64. With 0 it leaves them to others.</value>
    [Range(0, 64)]
    public int AtOnce { get; init; } = 2;

    /// <summary>Most calls of a batch at once.</summary>
    /// <value>Default 8; 1 to 256.</value>
    [Range(1, 256)]
    public int Concurrency { get; init; } = 8;

    /// <summary>How long a batch waits, seconds, until another host goes on with it after its own has died.</summary>
    /// <value>Default 30; 1 to 3,600.</value>
    [Range(1, 3600)]
    public int LeaseSeconds { get; init; } = 30;

    /// <summary>How long a host that runs it claims a batch, unless it says again that it does.</summary>
    internal TimeSpan Lease => TimeSpan.FromSeconds(LeaseSeconds);

    /// <summary>Most batches of a tenant that are not over.</summary>
    /// <value>Default 20; 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int TenantBatches { get; init; } = 20;

    /// <summary>Largest file, bytes.</summary>
    /// <value>Default 104,857,600; 1,024 to 536,870,912.</value>
    [Range(1024, 512 * 1024 * 1024)]
    public int FileBytes { get; init; } = 100 * 1024 * 1024;

    /// <summary>Most files of a tenant, results included.</summary>
    /// <value>Default 1,000; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int TenantFiles { get; init; } = 1000;

    /// <summary>Most bytes of a tenant's files together. Results are written whatever that comes to.</summary>
    /// <value>Default 1,073,741,824; 1,024 to 1,099,511,627,776.</value>
    [Range(typeof(long), "1024", "1099511627776")]
    public long TenantBytes { get; init; } = 1024 * 1024 * 1024;

    /// <summary>How long files are kept, and batches that are over, days.</summary>
    /// <value>Default 30; 1 to 3,650.</value>
    [Range(1, 3650)]
    public int Days { get; init; } = 30;
}
