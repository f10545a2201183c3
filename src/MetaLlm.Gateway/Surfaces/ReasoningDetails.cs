namespace MetaLlm.Gateway.Surfaces;

/// <summary>Words of <c>reasoning_details</c>: a list of typed blocks of reasoning on messages and deltas, a common extension of chat completions.</summary>
internal static class ReasoningDetails
{
    /// <summary>Reasoning in the open: <c>text</c>, and <c>signature</c> where the model wants it back.</summary>
    public const string Text = "reasoning.text";

    /// <summary>A summary of reasoning: <c>summary</c>.</summary>
    public const string Summary = "reasoning.summary";

    /// <summary>Reasoning that only its model can read: <c>data</c>.</summary>
    public const string Encrypted = "reasoning.encrypted";

    /// <summary>Value of <c>format</c> for blocks of Anthropic's models.</summary>
    public const string Anthropic = "anthropic-claude-v1";

    /// <summary>Value of <c>format</c> for items of OpenAI's Responses.</summary>
    public const string Responses = "openai-responses-v1";
}
