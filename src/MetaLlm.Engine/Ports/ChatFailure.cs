namespace MetaLlm.Engine.Ports;

/// <summary>How an upstream failed.</summary>
public enum ChatFailure
{
    /// <summary>No connection, or it broke before the answer began.</summary>
    Connection = 0,

    /// <summary>A time limit passed.</summary>
    Timeout = 1,

    /// <summary>The upstream wants fewer requests (status 429).</summary>
    RateLimited = 2,

    /// <summary>The upstream failed (status 5xx).</summary>
    ServerError = 3,

    /// <summary>The upstream does not take our key or does not know the model (status 401, 403, 404 and the like).</summary>
    Refused = 4,

    /// <summary>The answer is not what the protocol says.</summary>
    BadAnswer = 5,

    /// <summary>The answer broke off after it had begun.</summary>
    Cut = 6,

    /// <summary>The configuration no longer has the arm.</summary>
    Gone = 7,

    /// <summary>The circuit breaker of the model is open; nothing was sent.</summary>
    CircuitOpen = 8,

    /// <summary>The model objected to the request itself, which another model may take (status 400, 413, 415, 422).</summary>
    Objected = 9,

    /// <summary>What the arm adds to a prompt could not be had; the model was not asked.</summary>
    Unprepared = 10,
}
