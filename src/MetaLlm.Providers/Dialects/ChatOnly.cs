using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Members that the chat completion format alone has. Where they ask for nothing special they can go; else no other word asks for the same.</summary>
internal static class ChatOnly
{
    /// <summary>Whether a member is one of them and asks for nothing special.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">It is one of them and asks for something.</exception>
    public static bool IsNeutral(JsonProperty member)
    {
        var value = member.Value;
        var (isNeutral, why) = member.Name switch
        {
            "n" => (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var n) && n == 1, "asks for other than one choice; this model gives one."),
            "logprobs" => (value.ValueKind == JsonValueKind.False, "cannot be had; this model tells no probabilities."),
            "top_logprobs" => (IsZero(value), "cannot be had; this model tells no probabilities."),
            "logit_bias" => (value.ValueKind == JsonValueKind.Object && !value.EnumerateObject().Any(), "cannot be set for this model."),
            "modalities" => (value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(m => m.IsText("text"u8)), "asks for other than text; this model gives text alone."),
            "functions" or "function_call" => (false, "is the older form of tools, which this model does not know; use 'tools' and 'tool_choice'."),
            "audio" or "web_search_options" => (false, "cannot be had from this model."),
            _ => (false, (string?)null),
        };
        return isNeutral || (why is null ? false : throw Untranslatable.Member(member.Name, why));
    }

    /// <summary>Whether a value is the number 0.</summary>
    public static bool IsZero(JsonElement value) => value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && number == 0;
}
