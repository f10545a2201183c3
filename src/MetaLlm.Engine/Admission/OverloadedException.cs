namespace MetaLlm.Engine.Admission;

/// <summary>A request was turned away before any work was done for it, since it would have waited too long.</summary>
/// <param name="retryAfter">When the wait may be short enough again.</param>
public sealed class OverloadedException(TimeSpan retryAfter)
    : Exception("The gateway has more requests than it can serve in time; the request may be repeated.")
{
    /// <summary>When the wait may be short enough again.</summary>
    public TimeSpan RetryAfter { get; } = retryAfter;
}
