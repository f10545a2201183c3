using System.Text.Json.Nodes;

namespace MetaLlm.FunctionalTests.Compatibility;

/// <summary>An answer, or an event of one, as it came.</summary>
/// <param name="Kind">The kind of upstream.</param>
/// <param name="Status">Its status.</param>
/// <param name="Json">What it says.</param>
/// <param name="IsEvent">Whether it is an event of a stream.</param>
internal sealed record SeenAnswer(string Kind, HttpStatusCode Status, JsonNode Json, bool IsEvent);
