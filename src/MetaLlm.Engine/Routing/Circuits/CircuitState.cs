namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>States of a circuit breaker.</summary>
public enum CircuitState
{
    /// <summary>Calls pass.</summary>
    Closed = 0,

    /// <summary>Calls are refused for a time.</summary>
    Open = 1,

    /// <summary>That time is over: one call at a time is a trial, which closes the circuit or opens it again.</summary>
    HalfOpen = 2,
}
