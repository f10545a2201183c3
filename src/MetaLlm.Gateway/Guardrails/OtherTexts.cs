using System.Buffers;
using System.Collections.Frozen;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>
/// Finds the texts of a request that stand where chat completions have none. Upstreams may read members that the gateway has no word for, so that a text counts unless its place is known to hold none.
/// </summary>
internal static class OtherTexts
{
    /// <summary>Most characters of a name; what is longer is a text, wherever it stands.</summary>
    private const int LongestName = 128;

    private const string Messages = "messages";

    private static readonly SearchValues<char> OfNames = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.:/+=|#$");

    /// <summary>Wishes of routing, which reach no upstream, but for the answer that judges are told to expect.</summary>
    private const string Wishes = "metallm";

    private const string Expected = "expected";

    /// <summary>Members that hold schemas, and names around them.</summary>
    private static readonly string[] WithSchemas = ["response_format.", "tools.", "functions."];

    /// <summary>Places of names, such as types and ids. A value with a space in it, or a longer one, is a text there too.</summary>
    private static readonly FrozenSet<string> Structural = Names(
        "model", "user", "safety_identifier", "prompt_cache_key", "prompt_cache_retention", "service_tier", "reasoning_effort", "verbosity", "modalities", "encoding_format",
        "reasoning.effort", "reasoning.summary", "thinking.type", "thinking.display", "audio.voice", "audio.format", "cache_control.type", "cache_control.ttl",
        "tool_choice", "tool_choice.type", "tool_choice.name", "tool_choice.function.name", "tool_choice.custom.name", "function_call", "function_call.name",
        "messages.role", "messages.tool_call_id", "messages.audio.id", "messages.cache_control.type", "messages.cache_control.ttl",
        "messages.tool_calls.id", "messages.tool_calls.type", "messages.tool_calls.function.name", "messages.tool_calls.custom.name", "messages.function_call.name",
        "messages.content.type", "messages.content.cache_control.type", "messages.content.cache_control.ttl", "messages.content.image_url.detail",
        "messages.content.input_audio.format", "messages.content.file.file_id", "messages.content.thinking.type",
        "messages.reasoning_details.type", "messages.reasoning_details.id", "messages.reasoning_details.format");

    /// <summary>Places of data: images, sound, files, and what only a model can read. Data is of names' characters, or an address.</summary>
    private static readonly FrozenSet<string> Data = Names(
        "messages.content.image_url", "messages.content.image_url.url", "messages.content.input_audio.data", "messages.content.file.file_data",
        "messages.content.video_url.url", "messages.content.signature",
        "messages.reasoning_details.signature", "messages.reasoning_details.data", "messages.tool_calls.extra_content.google.thought_signature",
        "messages.content.extra_content.google.thought_signature", "messages.extra_content.google.thought_signature");

    /// <summary>Members of JSON Schema, and of what is around it, that hold names.</summary>
    private static readonly FrozenSet<string> OfSchemas = Names("type", "name", "format", "required", "$ref", "$schema", "$id");

    /// <summary>Finds them.</summary>
    /// <param name="root">The body.</param>
    /// <param name="known">The texts that were found already.</param>
    public static IEnumerable<TextSlot> Of(JsonObject root, IEnumerable<JsonNode> known)
    {
        var found = new List<TextSlot>();
        var seen = new HashSet<JsonNode>(known, ReferenceEqualityComparer.Instance);
        foreach (var (name, value) in root)
        {
            if (name == Wishes)
            {
                AddExpected(value as JsonObject, found);
                continue;
            }

            if (name == Messages && value is JsonArray messages)
            {
                foreach (var message in messages)
                {
                    Add(message, Messages, TextSlots.Text((message as JsonObject)?["role"]) ?? "user", seen, found);
                }
            }
            else
            {
                Add(value, name, TextSlots.Input, seen, found);
            }
        }

        return found;
    }

    private static void AddExpected(JsonObject? wishes, List<TextSlot> found)
    {
        if (wishes?[Expected] is { } place && TextSlots.Text(place) is { Length: > 0 } text)
        {
            found.Add(new TextSlot((-1, TextSlots.Content, found.Count), TextSlots.Input, TextSlots.Content, text, other =>
            {
                // Nothing is expected where nothing is left.
                wishes[Expected] = other.Length > 0 ? other : null;
            }) { Place = place });
        }
    }

    private static void Add(JsonNode? node, string path, string role, HashSet<JsonNode> seen, List<TextSlot> found)
    {
        switch (node)
        {
            case JsonObject members:
                foreach (var (name, value) in members)
                {
                    Add(value, $"{path}.{name}", role, seen, found);
                }

                break;
            case JsonArray items:
                foreach (var item in items)
                {
                    Add(item, path, role, seen, found);
                }

                break;
            case JsonValue value when TextSlots.Text(value) is { Length: > 0 } text && !seen.Contains(value) && !HoldsNoText(path, text):
                var place = (JsonNode)value;
                found.Add(new TextSlot((-1, TextSlots.Content, found.Count), role, TextSlots.Content, text, other =>
                {
                    var instead = JsonValue.Create(other);
                    place.ReplaceWith(instead);
                    place = instead;
                }) { Place = value });
                break;
            default:
                break;
        }
    }

    private static bool HoldsNoText(string path, string text) =>
        Data.Contains(path) ? IsData(text) : (Structural.Contains(path) || IsOfSchema(path)) && text.Length <= LongestName && IsName(text);

    private static bool IsOfSchema(string path) => Array.Exists(WithSchemas, owner => path.StartsWith(owner, StringComparison.Ordinal)) && OfSchemas.Contains(path[(path.LastIndexOf('.') + 1)..]);

    private static bool IsName(ReadOnlySpan<char> text) => !text.ContainsAnyExcept(OfNames);

    private static bool IsData(string text)
    {
        if (text.StartsWith("data:", StringComparison.OrdinalIgnoreCase))
        {
            return text.IndexOf(";base64,", StringComparison.OrdinalIgnoreCase) is var head and > 0 and <= LongestName && !text.AsSpan(0, head).ContainsAny(' ', '\n', ',') && IsName(text.AsSpan(head + ";base64,".Length));
        }

        return IsName(text) || (text.StartsWith("http", StringComparison.OrdinalIgnoreCase) && Uri.TryCreate(text, UriKind.Absolute, out _) && !text.Any(char.IsWhiteSpace));
    }

    private static FrozenSet<string> Names(params ReadOnlySpan<string> names) => FrozenSet.Create(StringComparer.Ordinal, names);
}
