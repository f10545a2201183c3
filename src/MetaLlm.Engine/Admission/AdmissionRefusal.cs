namespace MetaLlm.Engine.Admission;

/// <summary>Why a call was not admitted.</summary>
/// <param name="Limit">The limit that has no room for it.</param>
/// <param name="Most">The limit's value.</param>
/// <param name="Used">What is used of it.</param>
/// <param name="Requested">What the call needs.</param>
/// <param name="RetryAfter">When there is room, if nothing else comes; null where there never is: the call needs more than the limit.</param>
internal sealed record AdmissionRefusal(AdmissionLimit Limit, double Most, double Used, double Requested, TimeSpan? RetryAfter)
{
    /// <summary>Whether the limit is that of a key rather than of its tenant.</summary>
    public bool IsOfKey { get; init; }
}
