using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Orleans.Contracts;

/// <summary>Lets old decisions go: one for the whole cluster, under key 0.</summary>
[Alias("metallm.2.retention")]
internal interface IRetentionGrain : IGrainWithIntegerKey
{
    /// <summary>Looks through all tenants, unless that was done less than half a period ago. One look at a time; others wait for it.</summary>
    /// <returns>Decisions that went.</returns>
    [Alias("run"), ResponseTimeout("1.00:00:00")]
    ValueTask<long> RunAsync(CancellationToken cancellationToken);

    /// <summary>See <see cref="IRetention.RunAsync"/>. One look at a time; others wait for it.</summary>
    [Alias("run-now"), ResponseTimeout("1.00:00:00")]
    ValueTask<RetentionOutcome> RunNowAsync(CancellationToken cancellationToken);
}
