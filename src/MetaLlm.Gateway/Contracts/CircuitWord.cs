namespace MetaLlm.Gateway.Contracts;

/// <summary>State of a model's circuit breaker, as clients read it.</summary>
internal enum CircuitWord
{
    /// <summary>Calls pass.</summary>
    Closed = 0,

    /// <summary>Calls go to other models.</summary>
    Open = 1,

    /// <summary>One call is a trial; others go to other models.</summary>
    HalfOpen = 2,
}
