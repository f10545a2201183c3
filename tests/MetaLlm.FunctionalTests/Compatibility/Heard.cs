using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>What a client made of an answer.</summary>
/// <param name="Id">The answer's id.</param>
/// <param name="Text">What was said.</param>
/// <param name="Thought">What was thought.</param>
/// <param name="Calls">Calls of tools.</param>
/// <param name="Input">Tokens of the prompt; 0 where the answer does not say.</param>
/// <param name="Output">Tokens of the answer; 0 where the answer does not say.</param>
/// <param name="Turn">The answer as the format has it in the next request.</param>
internal sealed record Heard(string Id, string Text, string Thought, IReadOnlyList<ToolUse> Calls, int Input, int Output, JsonNode Turn)
{
    /// <summary>How many pieces of text came; 0 for an answer that was no stream.</summary>
    public int Pieces { get; init; }
}
