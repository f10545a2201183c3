namespace MetaLlm.Storage.Postgres;

/// <summary>Where and how decisions and events are kept in PostgreSQL.</summary>
public sealed class PostgresOptions
{
    /// <summary>
    /// The database, in Npgsql's form; never logged. Tables lie in the first schema of its <c>Search Path</c>. The role needs to read and
    /// write them, not to create any. A pooler between here and the server must keep sessions, and pass the
    /// start-up parameter <c>options</c> on.
    /// </summary>
    /// <value>No default; not empty.</value>
    public string ConnectionString { get; set; } = "";

    /// <summary>Connections that write, each with a share of the tenants. More of them hide more of the latency of a commit.</summary>
    /// <value>Default 4; 1 to 64.</value>
    public int Writers { get; set; } = 4;

    /// <summary>Most connections that read at the same time; further readers wait.</summary>
    /// <value>Default 16; 1 to 1,000.</value>
    public int ReadPoolSize { get; set; } = 16;

    /// <summary>Most writes that share one commit.</summary>
    /// <value>Default 1,024; 1 to 65,536.</value>
    public int MaxBatchSize { get; set; } = 1024;

    /// <summary>Most writes that may wait for one writer; further callers wait until there is room.</summary>
    /// <value>Default 8,192; 1 to 1,000,000.</value>
    public int QueueCapacity { get; set; } = 8192;

    /// <summary>How long to wait for a connection.</summary>
    /// <value>Default 5 seconds; 1 second to 5 minutes, in whole seconds.</value>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long to wait for the answer to a statement.</summary>
    /// <value>Default 30 seconds; 1 second to 5 minutes, in whole seconds.</value>
    public TimeSpan CommandTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a write waits while another process holds its tenant; then it fails with an <see cref="Engine.Ports.EngineUnavailableException"/>.
    /// Writes of other tenants do not wait with it.
    /// </summary>
    /// <value>Default 2 seconds; 1 second to 5 minutes, in whole seconds.</value>
    public TimeSpan LockTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// How long the server waits for the next statement of an open transaction before it ends the session: a process that freezes inside
    /// one keeps its tenants locked for so long.
    /// </summary>
    /// <value>Default 5 seconds; 1 second to 5 minutes, in whole seconds.</value>
    public TimeSpan IdleInTransactionTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long either side waits for a peer that the network has lost before it gives the connection up.</summary>
    /// <value>Default 10 seconds; 3 seconds to 5 minutes, in whole seconds.</value>
    public TimeSpan LostPeerTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether the server is to refuse writes of these connections: for who only reads, whatever the role may do.</summary>
    /// <value>Default false.</value>
    public bool ReadOnly { get; set; }
}
