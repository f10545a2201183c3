namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>What an upstream does to a call.</summary>
internal enum InvoiceFault
{
    /// <summary>Answers well.</summary>
    None,

    /// <summary>Answers well, and states the price itself, which differs from the list.</summary>
    OwnCost,

    /// <summary>Counts reasoning outside the completion tokens, in the total alone.</summary>
    ReasoningOutside,

    /// <summary>Status 500 before anything is generated.</summary>
    ServerError,

    /// <summary>Status 429.</summary>
    RateLimited,

    /// <summary>Status 400 as the context is too long for the model.</summary>
    TooLong,

    /// <summary>Status 400 as the model takes no temperature; answers well without one.</summary>
    NoTemperature,

    /// <summary>Answers well and counts nothing.</summary>
    NoUsage,

    /// <summary>Answers well and counts zeros.</summary>
    ZeroUsage,

    /// <summary>Reads the prompt and breaks the connection.</summary>
    Reset,

    /// <summary>Reads the prompt, begins to generate, and never sends a byte.</summary>
    Hang,

    /// <summary>Breaks off after half of the answer.</summary>
    Cut,

    /// <summary>Sends half of an answer as if it were whole.</summary>
    BadJson,

    /// <summary>Reports its failure in an answer of status 200, beside an empty choice.</summary>
    ErrorBesideChoices,

    /// <summary>Opens with the role and reports its failure then.</summary>
    RoleThenError,
}
