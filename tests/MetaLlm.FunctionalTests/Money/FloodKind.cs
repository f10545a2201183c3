namespace MetaLlm.FunctionalTests.Money;

/// <summary>How the clients of a flood call, and what becomes of their calls.</summary>
public enum FloodKind
{
    /// <summary>Plain calls with <c>max_tokens</c>.</summary>
    Plain,

    /// <summary>Streams with <c>max_completion_tokens</c>.</summary>
    Stream,

    /// <summary>Several choices each.</summary>
    Choices,

    /// <summary>Calls without a limit of their own, at arms that have one.</summary>
    LimitOfTheArm,

    /// <summary>A budget of the month in place of the hard cap.</summary>
    Month,

    /// <summary>Plain calls whose answers count nothing, so that their cost is estimated.</summary>
    NoUsage,

    /// <summary>Streams that the upstream cuts.</summary>
    Cut,

    /// <summary>Clients that leave a stream after its first bytes.</summary>
    LeaveStream,

    /// <summary>Clients that leave a plain call that the upstream works on.</summary>
    LeavePlain,

    /// <summary>Upstreams that fail after they have read the prompt, so that calls go from arm to arm.</summary>
    Reroute,
}
