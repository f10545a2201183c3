namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>A circuit breaker as it is now.</summary>
/// <param name="State">Its state.</param>
/// <param name="Remaining">How much longer it is open; zero in every other state.</param>
/// <param name="Admits">Whether a call would pass: always when closed, never when open, and half-open unless a trial is running.</param>
public readonly record struct CircuitStatus(CircuitState State, TimeSpan Remaining, bool Admits)
{
    /// <summary>The state of a model that has never been called.</summary>
    public static CircuitStatus Closed { get; } = new(CircuitState.Closed, TimeSpan.Zero, true);
}
