namespace MetaLlm.Core.Tenancy;

/// <summary>Why an attempt at an arm gave the client no answer. Stored as a number: values never change.</summary>
public enum FailureKind
{
    /// <summary>No connection, or it broke before the answer began.</summary>
    Connection = 0,

    /// <summary>A time limit passed.</summary>
    Timeout = 1,

    /// <summary>The upstream wanted fewer requests (status 429).</summary>
    RateLimited = 2,

    /// <summary>The upstream failed (status 5xx).</summary>
    ServerError = 3,

    /// <summary>The upstream did not take our key, or refused this prompt (status 401, 402, 403 and the like).</summary>
    Refused = 4,

    /// <summary>The answer was not what the protocol says, or no answer at all.</summary>
    BadAnswer = 5,

    /// <summary>The answer broke off after it had begun.</summary>
    Cut = 6,

    /// <summary>The model objected to the request, which another model may take (status 400, 413, 422).</summary>
    Objected = 7,

    /// <summary>No failure: the answer was held back in doubt, and another arm's took its place (<see cref="Cascades.Cascade"/>).</summary>
    Escalated = 8,
}
