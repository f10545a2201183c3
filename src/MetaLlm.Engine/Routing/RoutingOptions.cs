namespace MetaLlm.Engine.Routing;

/// <summary>How stubbornly calls are rerouted, and when the circuit breaker of a model opens.</summary>
public sealed record RoutingOptions
{
    /// <summary>Arms that are tried for one request, the first one included. <value>3 unless set; 1 to 10.</value></summary>
    public int MaxAttempts { get; init; } = 3;

    /// <summary>Failures in a row after which the circuit of a model opens. <value>3 unless set; 1 to 100.</value></summary>
    public int FailureThreshold { get; init; } = 3;

    /// <summary>How long it is open first; doubles with every trial that fails after that. <value>5 s unless set; above 0.</value></summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest time that it is open, also when the upstream asks for more. <value>5 min unless set; at least the cool-down.</value></summary>
    public TimeSpan MaxCoolDown { get; init; } = TimeSpan.FromMinutes(5);
}
