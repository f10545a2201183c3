namespace MetaLlm.Evaluation.Log;

/// <summary>A part of a log by the time of its decisions.</summary>
/// <param name="Since">First instant that belongs to it; null for the beginning.</param>
/// <param name="Until">First instant that does not; null for the end.</param>
public sealed record LogPeriod(DateTimeOffset? Since, DateTimeOffset? Until)
{
    /// <summary>Whether a decision belongs to it.</summary>
    public bool Holds(DateTimeOffset at) => !(at < Since) && !IsOver(at);

    /// <summary>Whether it has ended.</summary>
    public bool IsOver(DateTimeOffset at) => at >= Until;
}
