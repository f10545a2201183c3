using System.Runtime.InteropServices;
using System.Text.Json;
using MetaLlm.Core.Arms;

namespace MetaLlm.Providers.Json;

/// <summary>What can be read off an answer, or off one event of a streamed one.</summary>
/// <param name="HasChoices">Whether there is at least one choice.</param>
/// <param name="IsAnswer">Whether it looks like an answer at all: a list of choices, be it empty.</param>
/// <param name="Finished">Whether a choice states why it ended.</param>
/// <param name="Usage">The provider's count; null without one.</param>
/// <param name="UsageIsNull">Whether the usage member is there and null.</param>
/// <param name="OutputCharacters">Bytes of generated text, arguments of tool calls included.</param>
/// <param name="Error">The message of an error member; null without one.</param>
internal readonly record struct AnswerFacts(
    bool IsAnswer, bool HasChoices, bool Finished, TokenUsage? Usage, bool UsageIsNull, int OutputCharacters, string? Error)
{
    private const string UnnamedError = "unnamed error";

    /// <exception cref="JsonException">The text is no JSON object, or the name of one of its members is no text.</exception>
    public static AnswerFacts Read(ReadOnlyMemory<byte> json)
    {
        MemberNames.ThrowIfNotText(json.Span);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"A JSON object was expected, not {root.ValueKind}.");
        }

        var isAnswer = root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array;
        var finished = false;
        var characters = 0;
        if (isAnswer)
        {
            foreach (var choice in choices.EnumerateArray().Where(c => c.ValueKind == JsonValueKind.Object))
            {
                finished |= choice.TryGetProperty("finish_reason", out var reason) && reason.ValueKind == JsonValueKind.String;
                if (choice.TryGetProperty("delta", out var message) || choice.TryGetProperty("message", out message))
                {
                    characters += TextLength(message);
                }
            }
        }

        var hasUsage = root.TryGetProperty("usage", out var usage);
        return new AnswerFacts(
            isAnswer,
            isAnswer && choices.GetArrayLength() > 0,
            finished,
            hasUsage ? ReadUsage(usage) : null,
            hasUsage && usage.ValueKind == JsonValueKind.Null,
            characters,
            ReadError(root));
    }

    private static int TextLength(JsonElement message)
    {
        if (message.ValueKind != JsonValueKind.Object)
        {
            return 0;
        }

        var length = 0;
        foreach (var member in message.EnumerateObject().Where(m => !m.NameEquals("role")))
        {
            // Text, reasoning under whatever name, and tool calls: all of it is generated and paid for.
            length += member.Value.ValueKind switch
            {
                JsonValueKind.String => JsonMarshal.GetRawUtf8Value(member.Value).Length - 2,
                JsonValueKind.Array or JsonValueKind.Object => JsonMarshal.GetRawUtf8Value(member.Value).Length,
                _ => 0,
            };
        }

        return length;
    }

    private static TokenUsage? ReadUsage(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object || Count(usage, "prompt_tokens") is not { } input)
        {
            return null;
        }

        var cached = usage.TryGetProperty("prompt_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object
            ? Count(details, "cached_tokens") ?? 0
            : 0;
        return new TokenUsage(input, Math.Min(cached, input), Count(usage, "completion_tokens") ?? 0);
    }

    private static double? Count(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var count) && double.IsFinite(count) && count >= 0
            ? count
            : null;

    private static string? ReadError(JsonElement root)
    {
        if (!root.TryGetProperty("error", out var error))
        {
            return null;
        }

        return error.ValueKind switch
        {
            JsonValueKind.String => Text(error),
            JsonValueKind.Object => error.TryGetProperty("message", out var message) && message.ValueKind == JsonValueKind.String
                ? Text(message)
                : UnnamedError,
            _ => null,
        };
    }

    private static string Text(JsonElement value)
    {
        try
        {
            return value.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // An escape in it is no character, such as half of a UTF-16 pair.
            return UnnamedError;
        }
    }
}
