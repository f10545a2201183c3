using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace MetaLlm.Engine.Routing;

/// <summary>How stubbornly calls are rerouted, when the circuit breaker of a model opens, how many embeddings are kept, and how long queries wait for one.</summary>
public sealed record RoutingOptions : IValidatableObject
{
    /// <summary>Arms that are tried for one request, the first one included.</summary>
    /// <value>Default 3; 1 to 10.</value>
    [Range(1, 10)]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>After this time no further arm is tried for a request; an attempt that runs is held to its upstream's limits.</summary>
    /// <value>Default 3 minutes; 1 second to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan AttemptBudget { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>Longest wait for an arm once all arms that were tried want fewer requests (status 429); it is tried once more then.</summary>
    /// <value>Default 2 seconds; 0 to 1 minute. With 0 nothing is waited for.</value>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RateLimitPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Longest time without a byte to the client of a stream: then it is sent a comment, which keeps proxies from closing the connection.</summary>
    /// <value>Default 15 seconds; 0 to 1 hour. With 0 none is sent.</value>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan KeepAlive { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>Fewest failures of the last calls that open the circuit of a model.</summary>
    /// <value>Default 3; 1 to 100.</value>
    [Range(1, 100)]
    public int FailureThreshold { get; init; } = 3;

    /// <summary>Share of failures among the last calls, 50 of them or twice the threshold, from which the circuit opens.</summary>
    /// <value>Default 0.5; 0.01 to 1.</value>
    [Range(0.01, 1.0)]
    public double FailureRate { get; init; } = 0.5;

    /// <summary>How long a call counts among the last ones.</summary>
    /// <value>Default 5 minutes; 1 second to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan FailureWindow { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long it is open first; doubles with every trial that fails after that.</summary>
    /// <value>Default 5 seconds; above 0 to 1 day.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that it is open, also when the upstream asks for more.</summary>
    /// <value>Default 5 minutes; above 0 to 1 day, and at least the first time.</value>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00", MinimumIsExclusive = true)]
    public TimeSpan MaxCoolDown { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Embeddings of queries that a gateway keeps in memory, so that a repeated query is not embedded again. Each takes four bytes per dimension.
    /// </summary>
    /// <value>Default 10,000; 0 to 1,000,000. With 0 none is kept.</value>
    [Range(0, 1_000_000)]
    public int CachedEmbeddings { get; init; } = 10_000;

    /// <summary>Queries that are with the embedding model at once. Further ones wait, and tenants take turns; more places fill its batches better, fewer let a tenant's turn come sooner.</summary>
    /// <value>Default: 16 for each core; 1 to 100,000.</value>
    [Range(1, 100_000), DefaultValue("16 for each core")]
    public int EmbeddingPlaces { get; init; } = 16 * Environment.ProcessorCount;

    /// <summary>Longest wait of a query for the embedding model. A request that would wait longer is answered 503 before its body is read.</summary>
    /// <value>Default 1 second; 50 milliseconds to 5 minutes.</value>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:05:00")]
    public TimeSpan LongestWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Most settlements that wait in memory while the journal is away; further ones wait in the directory.</summary>
    /// <value>Default 10,000; 1 to 1,000,000.</value>
    [Range(1, 1_000_000)]
    public int MostPendingSettlements { get; init; } = 10_000;

    /// <summary>
    /// Directory for settlements that could not be recorded before the process stopped, or for which there was no room in memory. They are recorded at the
    /// next start, so that it must outlive the process. It is created when it is needed.
    /// </summary>
    /// <value>Default null: the directory of the database file, or none with another kind of storage; then such settlements are lost.</value>
    [StringLength(4096), DefaultValue("`settlements` beside the database file; none with `postgres`")]
    public string? SettlementDirectory { get; init; }

    /// <summary>The directory where no other is set; null for none.</summary>
    [JsonIgnore]
    public string? StandardSettlementDirectory { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxCoolDown < CoolDown)
        {
            yield return new($"is {MaxCoolDown.TotalSeconds}; it must be at least coolDownSeconds ({CoolDown.TotalSeconds}).", [nameof(MaxCoolDown)]);
        }
    }
}
