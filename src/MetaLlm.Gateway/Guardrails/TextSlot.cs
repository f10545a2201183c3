using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>A place in a JSON document where a text stands that people or models wrote.</summary>
/// <param name="Key">What the text is a piece of: the same text of a stream has the same key in every event.</param>
/// <param name="Role">See <see cref="GuardedText"/>.</param>
/// <param name="Kind">See <see cref="GuardedText"/>.</param>
/// <param name="Text">The text, or a piece of it.</param>
/// <param name="Replace">Writes another text there.</param>
internal readonly record struct TextSlot((int Choice, string Kind, int Index) Key, string Role, string Kind, string Text, Action<string> Replace)
{
    /// <summary>Where it stood when it was found.</summary>
    public required JsonNode Place { get; init; }
}
