namespace MetaLlm.Gateway.Guardrails;

/// <summary>A text of a request or an answer.</summary>
/// <param name="Role">Whose it is: the role of its message, such as <c>user</c>, or <c>input</c> for texts without messages.</param>
/// <param name="Kind">What it is: <c>content</c>, <c>reasoning</c>, <c>refusal</c> or <c>arguments</c> of a call of a tool.</param>
/// <param name="Text">The text.</param>
public sealed record GuardedText(string Role, string Kind, string Text)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Role} {Kind}";
}
