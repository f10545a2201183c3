namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>A call of a tool.</summary>
/// <param name="Id">Its id, which the result names.</param>
/// <param name="Name">The tool.</param>
/// <param name="Arguments">JSON.</param>
internal sealed record ToolUse(string Id, string Name, string Arguments);
