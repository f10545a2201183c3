namespace MetaLlm.Core.Bandits;

/// <summary>What a prompt cache does for a call, in tokens as they were estimated.</summary>
/// <param name="Read">Tokens that come out of the cache; NaN where nothing is known, and the arm's usual share is taken.</param>
/// <param name="Written">Tokens that are put into it.</param>
/// <param name="WarmRead">Tokens that would come out of it if the arm had served the turn before; NaN where nothing is known.</param>
/// <param name="WarmWritten">Tokens that would be put into it then.</param>
internal readonly record struct PromptReuse(double Read, double Written, double WarmRead, double WarmWritten);
