using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>How a silo keeps tenants and works for them.</summary>
public sealed class OrleansEngineOptions
{
    /// <summary>Name of the stream provider that is used when no other is named: streams in the silos' memory.</summary>
    public const string MemoryStreams = "metallm-memory";

    /// <summary>Name of the grain storage that is used when no other is named.</summary>
    public const string DefaultSnapshotStorage = "metallm-snapshots";

    /// <summary>Name of the stream provider that carries rewards to their owners.</summary>
    /// <value>Default <see cref="MemoryStreams"/>, which is added for you; any other is to be added under its name, or the silo does not start.</value>
    [Required, JsonIgnore]
    public string StreamProvider { get; set; } = MemoryStreams;

    /// <summary>Name of the grain storage that keeps snapshots.</summary>
    /// <value>Default <see cref="DefaultSnapshotStorage"/>; the host adds it under that name.</value>
    [Required, JsonIgnore]
    public string SnapshotStorage { get; set; } = DefaultSnapshotStorage;

    /// <summary>How often an active tenant looks in the journal for events that the stream has lost. Tenants of a silo that look within a moment share one question.</summary>
    /// <value>Default 5 seconds; 100 milliseconds to 1 hour. A tenant that nobody calls looks less and less often, down to an eighth.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan CatchUpPeriod { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often an active tenant charges calls that nobody settled in time.</summary>
    /// <value>Default 30 seconds; 100 milliseconds to 1 hour.</value>
    [Range(typeof(TimeSpan), "00:00:00.1", "01:00:00")]
    public TimeSpan SweepPeriod { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often each owner of a tenant with <c>shards</c> takes in what the others have seen.</summary>
    /// <value>Default 1 second; 10 milliseconds to 1 minute.</value>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")]
    public TimeSpan ExchangePeriod { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Decisions of an owner after which it takes in the others before the period is over.</summary>
    /// <value>Default 500; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int ExchangeEvery { get; set; } = 500;

    /// <summary>Time without calls after which a tenant's state is saved and leaves memory.</summary>
    /// <value>Default 5 minutes; 2 seconds to 7 days.</value>
    [Range(typeof(TimeSpan), "00:00:02", "7.00:00:00")]
    public TimeSpan IdleAge { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Most events that wait for one tenant's next stream item; the owner reads further ones from the journal.</summary>
    /// <value>Default 1,024; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int RewardsPerItem { get; set; } = 1024;

    /// <summary>Most texts or batches that are embedded at once on a silo.</summary>
    /// <value>Default: the number of cores; 1 to 1,024.</value>
    [Range(1, 1024), DefaultValue("the number of cores")]
    public int EmbeddingWorkers { get; set; } = Environment.ProcessorCount;

    /// <summary>Whether spans go on from callers to grains. Where nothing collects spans this only costs time in every call.</summary>
    /// <value>Default true.</value>
    [JsonIgnore]
    public bool PropagateSpans { get; set; } = true;

    /// <summary>Workers among which a silo spreads its provider calls; each serves many at once.</summary>
    /// <value>Default: the number of cores; 1 to 1,024.</value>
    [Range(1, 1024), DefaultValue("the number of cores")]
    public int ProviderCallWorkers { get; set; } = Environment.ProcessorCount;

    /// <summary>Workers among which a silo spreads feedback and look-ups; each serves many at once.</summary>
    /// <value>Default: the number of cores; 1 to 1,024.</value>
    [Range(1, 1024), DefaultValue("the number of cores")]
    public int JournalWorkers { get; set; } = Environment.ProcessorCount;
}
