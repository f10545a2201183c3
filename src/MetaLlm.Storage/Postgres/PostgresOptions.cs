using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Configuration;
using Npgsql;

namespace MetaLlm.Storage.Postgres;

/// <summary>Where and how decisions and events are kept in PostgreSQL.</summary>
public sealed class PostgresOptions : IValidatableObject
{
    /// <summary>
    /// The database, in Npgsql's form; never logged. Tables lie in the first schema of its <c>Search Path</c>. The role needs to read and
    /// write them, not to create any. A pooler between here and the server must keep sessions, and pass the
    /// start-up parameter <c>options</c> on.
    /// </summary>
    /// <value>No default; not empty.</value>
    [JsonIgnore]
    public string ConnectionString { get; set; } = "";

    /// <summary>Connections that write, each with a share of the tenants. More of them hide more of the latency of a commit.</summary>
    /// <value>Default 4; 1 to 64.</value>
    [Range(1, 64)]
    public int Writers { get; set; } = 4;

    /// <summary>Most connections that read at the same time; further readers wait.</summary>
    /// <value>Default 8; 1 to 1,000.</value>
    [Range(1, 1000)]
    public int ReadPoolSize { get; set; } = 8;

    /// <summary>Most connections that load and save snapshots at the same time; in a burst of activations the others wait.</summary>
    /// <value>Default 4; 1 to 1,000.</value>
    [Range(1, 1000)]
    public int SnapshotPoolSize { get; set; } = 4;

    /// <summary>
    /// Most connections of a process that is a silo: <see cref="Writers"/>, <see cref="ReadPoolSize"/>, <see cref="SnapshotPoolSize"/>, and two for membership. A
    /// gateway that is no silo has those two alone. The server's <c>max_connections</c> must hold all processes, with one more while they are replaced.
    /// </summary>
    [JsonIgnore]
    public int MaxConnections => Writers + ReadPoolSize + SnapshotPoolSize + PostgresSessions.MembershipPoolSize;

    /// <summary>Most writes that share one commit.</summary>
    /// <value>Default 1,024; 1 to 65,536.</value>
    [Range(1, 65_536)]
    public int MaxBatchSize { get; set; } = 1024;

    /// <summary>Most writes that may wait for one writer; further callers wait until there is room.</summary>
    /// <value>Default 8,192; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>How long to wait for a connection.</summary>
    /// <value>Default 5 seconds; 1 second to 5 minutes, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00"), WholeSeconds]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for the answer to a statement.</summary>
    /// <value>Default 30 seconds; 1 second to 5 minutes, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00"), WholeSeconds]
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a write waits while another process holds its tenant; then it fails with an <see cref="Engine.Ports.EngineUnavailableException"/>.
    /// Writes of other tenants do not wait with it.
    /// </summary>
    /// <value>Default 2 seconds; 1 second to 5 minutes, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00"), WholeSeconds]
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the server waits for the next statement of an open transaction before it ends the session: a process that freezes inside
    /// one keeps its tenants locked for so long.
    /// </summary>
    /// <remarks>Less than other silos take to give it up and to take its tenants over.</remarks>
    /// <value>Default 2 seconds; 1 second to 5 minutes, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00"), WholeSeconds]
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long either side waits for a peer that the network has lost before it gives the connection up.</summary>
    /// <value>Default 10 seconds; 3 seconds to 5 minutes, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:03", "00:05:00"), WholeSeconds]
    public TimeSpan LostPeerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// How far this machine's clock may be ahead of the server's. Beyond it nothing is written: what is spent in the future blocks budgets until then.
    /// </summary>
    /// <value>Default 5 minutes; 1 second to 1 day, in whole seconds.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00"), WholeSeconds]
    public TimeSpan ClockTolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Whether the server is to refuse writes of these connections: for who only reads, whatever the role may do.</summary>
    /// <value>Default false.</value>
    [JsonIgnore]
    public bool ReadOnly { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (string.IsNullOrWhiteSpace(ConnectionString))
        {
            return [new("is empty; it must name a PostgreSQL database.", [nameof(ConnectionString)])];
        }

        try
        {
            return string.IsNullOrEmpty(new NpgsqlConnectionStringBuilder(ConnectionString).Host)
                ? [new("has no Host; it must name a server, or the directory of its socket.", [nameof(ConnectionString)])]
                : [];
        }
        catch (Exception error) when (error is ArgumentException or FormatException)
        {
            // The parser's message may repeat a value, and a value may be a password.
            return [new("cannot be read; it must have the form 'Host=...;Database=...;Username=...;Password=...'.", [nameof(ConnectionString)])];
        }
    }
}
