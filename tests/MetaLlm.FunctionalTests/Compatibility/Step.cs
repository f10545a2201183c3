namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An answer that called tools, and what they gave.</summary>
/// <param name="Answer">The answer.</param>
/// <param name="Results">A result for each call, in their order.</param>
internal sealed record Step(Heard Answer, IReadOnlyList<string> Results);
