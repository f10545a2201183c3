namespace MetaLlm.Core.Tenancy;

/// <summary>
/// The tenant was told how one of its arms answers. Only what is believed of that arm changes. A quiz of an arm that is gone, one that rests on
/// another embedding model, and one that the arm has had already change nothing.
/// </summary>
public sealed record QuizzedEvent : TenantEvent
{
    /// <summary>The arm and its answers.</summary>
    public required QuizSet Quiz { get; init; }

    /// <summary>SHA-256 of the quiz as journals keep it, lower-case hex: the same quiz again is recognised by it.</summary>
    public required string Digest { get; init; }
}
