namespace MetaLlm.Core.Conversations;

/// <summary>A turn whose call may still run.</summary>
/// <param name="Ordinal">Ordinal of its decision; 0 for no turn.</param>
/// <param name="ExpectedCached">Prompt tokens that were expected to come out of the chosen arm's cache; NaN where nothing was expected, or that is settled.</param>
/// <param name="PromptTokens">Tokens of its prompt, estimated.</param>
/// <param name="MarkedTokens">Those up to the last mark for caches.</param>
internal readonly record struct OpenTurn(long Ordinal, double ExpectedCached, double PromptTokens, double MarkedTokens)
{
    public static readonly OpenTurn None = new(0, double.NaN, 0, 0);
}
