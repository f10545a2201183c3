namespace MetaLlm.Core.Arms;

/// <summary>Tokens of one call, as the provider counts them.</summary>
/// <param name="Input">Prompt tokens, cached ones included; finite, at least 0.</param>
/// <param name="CachedInput">Prompt tokens served from the provider's cache; 0 to <paramref name="Input"/>.</param>
/// <param name="Output">Completion tokens, reasoning tokens included; finite, at least 0.</param>
[GenerateSerializer, Immutable, Alias("metallm.token-usage")]
public readonly record struct TokenUsage(
    [property: Id(0)] double Input,
    [property: Id(1)] double CachedInput,
    [property: Id(2)] double Output);
