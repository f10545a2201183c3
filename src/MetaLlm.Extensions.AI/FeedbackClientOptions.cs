using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Extensions.AI;

/// <summary>How feedback is sent.</summary>
public sealed class FeedbackClientOptions
{
    /// <summary>Directory in which feedback is kept while it cannot be recorded. Several processes may share it.</summary>
    /// <value>Null, the default, is <c>feedback</c> beside the settlements of the storage; where there is no such place, feedback that cannot be recorded is refused.</value>
    public string? Directory { get; set; }

    /// <summary>Most feedback of a tenant that is recorded in one write.</summary>
    /// <value>1 to 10,000; 256 by default.</value>
    [Range(1, 10_000)]
    public int MostPerBatch { get; set; } = 256;

    /// <summary>Most feedback of a tenant that waits in memory; whoever sends more waits for room.</summary>
    /// <value>1 to 1,000,000; 10,000 by default.</value>
    [Range(1, 1_000_000)]
    public int MostWaiting { get; set; } = 10_000;

    /// <summary>Pause before what is kept on disk is tried again.</summary>
    /// <value>Above 0, at most 1 hour; 1 second by default.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00", MinimumIsExclusive = true)]
    public TimeSpan RetryPause { get; set; } = TimeSpan.FromSeconds(1);
}
