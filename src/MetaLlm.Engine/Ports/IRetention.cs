using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Ports;

/// <summary>Retention of the whole cluster, for those who operate it.</summary>
public interface IRetention
{
    /// <summary>What would go at the next look.</summary>
    /// <param name="after">The tenant that the list comes after; empty for the first.</param>
    /// <param name="limit">Most tenants to list, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<RetentionPlan> PlanAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>Lets go now what the settings say, and waits for it.</summary>
    ValueTask<RetentionOutcome> RunAsync(CancellationToken cancellationToken);

    /// <summary>Files of the archive, by tenant, day and name; none without an archive.</summary>
    /// <param name="tenant">The tenant; null for all.</param>
    /// <param name="limit">Most files to list, at least 1.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    ValueTask<IReadOnlyList<ArchiveFile>> ListArchiveAsync(string? tenant, int limit, CancellationToken cancellationToken);
}
