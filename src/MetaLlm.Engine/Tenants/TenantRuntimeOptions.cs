using System.ComponentModel;
using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.Tenants;

/// <summary>How a tenant's state is kept, saved and rebuilt.</summary>
public sealed class TenantRuntimeOptions
{
    /// <summary>Decisions and events after which a snapshot is saved.</summary>
    /// <value>
    /// Default 4,000; 1 to 1,000,000. After a crash, recovery replays about this many at most, which takes some tens of milliseconds; a snapshot of a
    /// tenant with many features takes as many bytes as some hundred decisions.
    /// </value>
    [Range(1, 1_000_000)]
    public int CheckpointEvery { get; set; } = 4000;

    /// <summary>Decisions or events read at once during recovery.</summary>
    /// <value>Default 512; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int ReplayPageSize { get; set; } = 512;

    /// <summary>Longest time that a call waits for a tenant's state to be rebuilt. Where it takes longer, calls are refused until it is done.</summary>
    /// <value>Default 3 seconds; 10 milliseconds to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan RebuildPatience { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>Decisions and events after which a rebuild that goes on saves what it has come to.</summary>
    /// <value>Default 50,000; 1 to 10,000,000. That many take some seconds.</value>
    [Range(1, 10_000_000)]
    public int RebuildSaveEvery { get; set; } = 50_000;

    /// <summary>Age at which a decision that nobody settled is settled as expired, unless another one is set.</summary>
    public static TimeSpan StandardUnsettledLimit { get; } = TimeSpan.FromMinutes(15);

    /// <summary>Age at which a decision that nobody settled is settled as expired, at the reserved cost. Longer than the longest call.</summary>
    /// <value>
    /// 1 second to 7 days. Default null: 15 minutes, or a minute more than the longest call of the upstreams that the process knows
    /// (<c>routing.attemptBudgetSeconds</c> and the longest <c>totalTimeoutSeconds</c>) where that is longer.
    /// </value>
    [Range(typeof(TimeSpan), "00:00:01", "7.00:00:00"), DefaultValue("900, or 60 more than the longest call")]
    public TimeSpan? UnsettledLimit { get; set; }

    /// <summary>Decisions that a sweep expires at once; it goes on until none is left.</summary>
    /// <value>Default 256; 1 to 10,000.</value>
    [Range(1, 10_000)]
    public int SweepLimit { get; set; } = 256;
}
