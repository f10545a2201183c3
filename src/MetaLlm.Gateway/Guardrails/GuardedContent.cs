namespace MetaLlm.Gateway.Guardrails;

/// <summary>What a guardrail looks at.</summary>
public sealed record GuardedContent
{
    /// <summary>The tenant.</summary>
    public required string Tenant { get; init; }

    /// <summary>When it looks.</summary>
    public required GuardrailStage Stage { get; init; }

    /// <summary>Every text, in order; at least one. Those of a streamed answer are joined.</summary>
    public required IReadOnlyList<GuardedText> Texts { get; init; }

    /// <summary>The model that answered; null for a request, for which none is chosen yet.</summary>
    public string? Model { get; init; }

    /// <summary>The decision; null for a request.</summary>
    public string? DecisionId { get; init; }

    /// <summary>Whether more of the answer is to come, as while a stream is checked in chunks.</summary>
    public bool IsPartial { get; init; }

    /// <inheritdoc/>
    public override string ToString() => $"{Stage} of {Tenant}";
}
