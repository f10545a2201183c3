namespace MetaLlm.Gateway.Guardrails;

/// <summary>What a guardrail says.</summary>
public sealed record GuardrailVerdict
{
    private GuardrailVerdict(GuardrailAction action) => Action = action;

    /// <summary>The texts go on.</summary>
    public static GuardrailVerdict Allow { get; } = new(GuardrailAction.Allow);

    /// <summary>What is to become of the texts.</summary>
    public GuardrailAction Action { get; }

    /// <summary>Why they are blocked, for the client; null to say nothing.</summary>
    public string? Reason { get; private init; }

    /// <summary>What stands in their place, as many and in the same order; empty unless they are replaced.</summary>
    public IReadOnlyList<string> Texts { get; private init; } = [];

    /// <summary>The client gets an error.</summary>
    /// <param name="reason">Why, for the client: it is shown as it is, cut to 500 characters; null to say nothing.</param>
    public static GuardrailVerdict Block(string? reason = null) => new(GuardrailAction.Block) { Reason = reason };

    /// <summary>Other texts go on.</summary>
    /// <param name="texts">They, as many as were looked at and in the same order.</param>
    public static GuardrailVerdict Replace(IReadOnlyList<string> texts)
    {
        ArgumentNullException.ThrowIfNull(texts);
        return new(GuardrailAction.Replace) { Texts = texts };
    }

    /// <inheritdoc/>
    public override string ToString() => Action.ToString();
}
