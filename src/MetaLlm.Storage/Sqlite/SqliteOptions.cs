using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Storage.Sqlite;

/// <summary>Where and how decisions and events are kept in one SQLite file.</summary>
public sealed class SqliteOptions
{
    /// <summary>Path of the file; it and its directory are created when missing.</summary>
    /// <value>Default <c>data/metallm.db</c> under the current directory; not empty.</value>
    [Required, StringLength(4096), JsonIgnore]
    public string Path { get; set; } = "data/metallm.db";

    /// <summary>What an acknowledged write survives.</summary>
    /// <value>Default <see cref="SqliteDurability.PowerLoss"/>.</value>
    public SqliteDurability Durability { get; set; } = SqliteDurability.PowerLoss;

    /// <summary>How long to wait for another process that holds the file's write lock.</summary>
    /// <value>Default 10 seconds; 0 to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan BusyTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a write that nobody waits for, such as the settlement of an answered call, waits for another one's commit to share.</summary>
    /// <value>Default 5 milliseconds; 0 to 1 second.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:01")]
    public TimeSpan CommitDelay { get; set; } = TimeSpan.FromMilliseconds(5);

    /// <summary>Most writes that share one commit.</summary>
    /// <value>Default 2,048; 1 to 65,536.</value>
    [Range(1, 65_536)]
    public int MaxBatchSize { get; set; } = 2048;

    /// <summary>Most writes that may wait for a commit; further callers wait until there is room.</summary>
    /// <value>Default 16,384; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 16_384;
}
