namespace MetaLlm.Simulator.Faults;

/// <summary>When a fault strikes. The first rule that strikes a request decides.</summary>
public sealed record FaultRule
{
    /// <summary>What goes wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The model it strikes; null for every model.</summary>
    public string? Model { get; init; }

    /// <summary>The chance that it strikes a request, drawn from the simulator's seed.</summary>
    /// <value>Above 0, up to 1. Default 1.</value>
    public double Probability { get; init; } = 1;

    /// <summary>How many times it strikes before it is spent; null for no limit.</summary>
    /// <value>1 or more.</value>
    public int? Count { get; init; }

    /// <summary>The <c>Retry-After</c> of <see cref="FaultKind.RateLimit"/>, in seconds.</summary>
    /// <value>0 to 3,600. Default 1.</value>
    public int RetryAfterSeconds { get; init; } = 1;

    /// <summary>The wait of <see cref="FaultKind.SlowFirstToken"/>; it is not shortened by the time scale.</summary>
    /// <value>0 to 10 minutes. Default 2 seconds.</value>
    public TimeSpan Delay { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Everything wrong with the rule; empty where it is sound.</summary>
    internal IEnumerable<string> Errors(IReadOnlyCollection<string> models)
    {
        if (!Enum.IsDefined(Kind))
        {
            yield return $"kind: {Kind} is not one of {FaultNames.Legal}.";
        }

        if (Model is not null && !models.Contains(Model))
        {
            yield return $"model: '{Model}' is not one of {string.Join(", ", models)}.";
        }

        if (!(Probability is > 0 and <= 1))
        {
            yield return FormattableString.Invariant($"probability: {Probability} is outside (0, 1].");
        }

        if (Count < 1)
        {
            yield return FormattableString.Invariant($"count: {Count} is below 1.");
        }

        if (RetryAfterSeconds is < 0 or > 3600)
        {
            yield return FormattableString.Invariant($"retry_after_seconds: {RetryAfterSeconds} is outside 0 to 3600.");
        }

        if (Delay < TimeSpan.Zero || Delay > TimeSpan.FromMinutes(10))
        {
            yield return FormattableString.Invariant($"delay_seconds: {Delay.TotalSeconds} is outside 0 to 600.");
        }
    }
}
