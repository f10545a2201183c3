using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Chat;

/// <summary>
/// Tokens of what a prompt holds besides the content of its messages, estimated: calls of tools and their definitions, reasoning that goes back, schemas. Whatever its
/// shape, it is counted and not judged: that is the upstream's business.
/// </summary>
internal static class MessageTokens
{
    // Separators that a template sets around the name and the arguments.
    private const double PerCall = 8;

    private static readonly string[] _texts = ["name", "refusal", "reasoning_content", "reasoning"];

    /// <summary>What a message holds besides its content.</summary>
    public static double BesideContent(JsonObjectReader message)
    {
        var tokens = message.Find("function_call") is { ValueKind: JsonValueKind.Object } call ? PerCall + OfCall(call) : 0;
        foreach (var name in _texts)
        {
            tokens += message.Find(name) is { ValueKind: JsonValueKind.String } text ? OfJson(text) : 0;
        }

        if (message.Find("tool_calls") is { ValueKind: JsonValueKind.Array } calls)
        {
            foreach (var one in calls.EnumerateArray())
            {
                tokens += PerCall + (one.ValueKind == JsonValueKind.Object ? OfCall(one) : 0);
            }
        }

        return tokens;
    }

    /// <summary>What a request defines besides its messages: tools, functions as they were before tools, and the schema of the answer.</summary>
    public static double Definitions(JsonObjectReader root) =>
        List(root, "tools") + List(root, "functions")
        + (root.Find("response_format") is { ValueKind: JsonValueKind.Object } format && Member(format, "json_schema") is { } schema ? OfJson(schema) : 0);

    /// <summary>Any JSON as it stands.</summary>
    public static double OfJson(JsonElement value) => TokenEstimate.FromJson(JsonMarshal.GetRawUtf8Value(value));

    public static JsonElement? Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) && member.ValueKind != JsonValueKind.Null ? member : null;

    private static double List(JsonObjectReader root, string name) =>
        root.Find(name) is { ValueKind: JsonValueKind.Array } list ? OfJson(list) : 0;

    // A model sees the name and the arguments; the call's id and type are for programs.
    private static double OfCall(JsonElement call)
    {
        var called = Member(call, "function") ?? Member(call, "custom") ?? call;
        return Counted(Member(called, "name")) + Counted(Member(called, "arguments") ?? Member(called, "input"));
    }

    private static double Counted(JsonElement? value) => value is { } one ? OfJson(one) : 0;
}
