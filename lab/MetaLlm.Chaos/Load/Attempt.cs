using System.Text.Json;

namespace MetaLlm.Chaos.Load;

/// <summary>What became of one request to one host.</summary>
/// <param name="Status">HTTP status; 0 when there was none.</param>
/// <param name="Code">Null when it succeeded; otherwise the error's code, or a word for what broke.</param>
/// <param name="DecisionId">The decision of an answer, also of one that broke off; null for none.</param>
/// <param name="Body">The body of a plain answer; undefined for others.</param>
internal sealed record Attempt(int Status, string? Code, string? DecisionId, JsonElement Body)
{
    /// <summary>No connection, or one that broke.</summary>
    public const string Connection = "connection";

    /// <summary>The load balancer dropped the connection, since the host was not ready any more.</summary>
    public const string MarkedDown = "marked_down";

    /// <summary>No answer in time.</summary>
    public const string TimedOut = "timeout";

    /// <summary>A stream that ended without its last event.</summary>
    public const string Broken = "stream_broken";

    /// <summary>The load balancer's own answer while no host is ready.</summary>
    public static Attempt NobodyReady { get; } = Failed("nobody_ready", 503);

    /// <summary>Whether a client sends the request again: nothing was answered, or the answer says that it may.</summary>
    public bool MayBeRepeated => Status is 0 or 200 or 429 or 502 or 503 or 504;

    /// <summary>Status and code in one word, for counting.</summary>
    public string Label => Status is 0 or 200 ? Code! : $"{Status} {Code}";

    /// <summary>An attempt that came to nothing.</summary>
    public static Attempt Failed(string code, int status = 0, string? decisionId = null) => new(status, code, decisionId, default);
}
