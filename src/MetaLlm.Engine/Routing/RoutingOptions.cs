using System.ComponentModel.DataAnnotations;

namespace MetaLlm.Engine.Routing;

/// <summary>How stubbornly calls are rerouted, when the circuit breaker of a model opens, and how many embeddings are kept.</summary>
public sealed record RoutingOptions : IValidatableObject
{
    /// <summary>Arms that are tried for one request, the first one included.</summary>
    /// <value>Default 3; 1 to 10.</value>
    [Range(1, 10)]
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Failures in a row after which the circuit of a model opens.</summary>
    /// <value>Default 3; 1 to 100.</value>
    [Range(1, 100)]
    public int FailureThreshold { get; init; } = 3;

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

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (MaxCoolDown < CoolDown)
        {
            yield return new($"is {MaxCoolDown.TotalSeconds}; it must be at least coolDownSeconds ({CoolDown.TotalSeconds}).", [nameof(MaxCoolDown)]);
        }
    }
}
