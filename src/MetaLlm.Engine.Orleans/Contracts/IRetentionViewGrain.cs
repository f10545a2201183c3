using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Looks at what is to go and at the archive, on behalf of callers that have no database. Any silo, any number of them; nobody waits for a look that runs.</summary>
[Alias("metallm.2.retention-view")]
internal interface IRetentionViewGrain : IGrainWithIntegerKey
{
    /// <summary>See <see cref="IRetention.PlanAsync"/>.</summary>
    [Alias("plan"), ResponseTimeout("00:05:00")]
    ValueTask<RetentionPlan> PlanAsync(string after, int limit, CancellationToken cancellationToken);

    /// <summary>See <see cref="IRetention.ListArchiveAsync"/>.</summary>
    [Alias("list-archive"), ResponseTimeout("00:05:00")]
    ValueTask<IReadOnlyList<ArchiveFile>> ListArchiveAsync(string? tenant, int limit, CancellationToken cancellationToken);
}
