using System.Text.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Json;

/// <summary>What can be read off an answer, or off one event of a streamed one.</summary>
/// <param name="HasChoices">Whether there is at least one choice.</param>
/// <param name="HasContent">Whether a choice brings something that a client asked for: text, reasoning, a refusal, a tool call, sound.</param>
/// <param name="ExplainsEnd">Whether a choice says why it ends where it does, which makes an answer of it even without content.</param>
/// <param name="Text">Generated text, names and arguments of tool calls included.</param>
/// <param name="Usage">What the provider counted; null where it did not.</param>
/// <param name="UsageIsNull">Whether the usage member is there and null.</param>
/// <param name="Error">An error that stands in the answer's place or beside it; null without one.</param>
internal readonly record struct AnswerFacts(
    bool HasChoices, bool HasContent, bool ExplainsEnd, TextSize Text, UsageCounts? Usage, bool UsageIsNull, InBandError? Error)
{
    /// <summary>Members of a message that say how to read it; they are there before there is anything to read.</summary>
    private static readonly string[] Framing = ["role", "name", "id", "object", "type", "index", "phase", "status", "annotations"];

    /// <param name="json">The answer or the event's data.</param>
    /// <param name="ends">Receives which choices there are and which are complete.</param>
    /// <exception cref="JsonException">The text is no JSON object, or the name of one of its members is no text.</exception>
    public static AnswerFacts Read(ReadOnlyMemory<byte> json, ref ChoiceEnds ends)
    {
        MemberNames.ThrowIfNotText(json.Span);
        using var document = JsonDocument.Parse(json);
        var root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new JsonException($"A JSON object was expected, not {root.ValueKind}.");
        }

        var facts = new AnswerFacts { Error = InBandError.Read(root) };
        if (root.TryGetProperty("choices", out var choices) && choices.ValueKind == JsonValueKind.Array)
        {
            var position = 0;
            foreach (var choice in choices.EnumerateArray())
            {
                facts = facts with { HasChoices = true };
                if (choice.ValueKind == JsonValueKind.Object)
                {
                    facts = facts.And(choice, position, ref ends);
                }

                position++;
            }
        }
        else
        {
            facts = facts with { Error = facts.Error ?? InBandError.ReadInstead(root) };
        }

        var hasUsage = root.TryGetProperty("usage", out var usage);
        return facts with
        {
            Usage = (hasUsage ? UsageCounts.Read(usage) : null) ?? facts.Usage,
            UsageIsNull = hasUsage && usage.ValueKind == JsonValueKind.Null,
        };
    }

    private AnswerFacts And(JsonElement choice, int position, ref ChoiceEnds ends)
    {
        var index = choice.TryGetProperty("index", out var said) && said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out var number) ? number : position;
        var reason = JsonTexts.Read(choice, "finish_reason");
        ends.Saw(index, !string.IsNullOrEmpty(reason));
        var facts = this with
        {
            ExplainsEnd = ExplainsEnd || reason is "length" or "content_filter" or "tool_calls" or "function_call",
            Error = Error ?? InBandError.Read(choice) ?? (reason == "error" ? new InBandError(null, null, default) : null),

            // Some providers count in the last choice.
            Usage = (choice.TryGetProperty("usage", out var usage) ? UsageCounts.Read(usage) : null) ?? Usage,
        };
        if (choice.TryGetProperty("delta", out var message) || choice.TryGetProperty("message", out message))
        {
            return message.ValueKind == JsonValueKind.Object ? facts.AndMessage(message) : facts;
        }

        // Servers of the older format have a text in its place.
        return choice.TryGetProperty("text", out var old) && IsFilled(old) ? facts with { HasContent = true, Text = Text + TextSize.OfAll(old) } : facts;
    }

    private AnswerFacts AndMessage(JsonElement message)
    {
        var hasContent = HasContent;
        var text = default(TextSize);
        var reasoning = default(TextSize);
        foreach (var member in message.EnumerateObject())
        {
            hasContent |= IsFilled(member.Value) && !Array.Exists(Framing, member.NameEquals);
            if (member.NameEquals("content"u8) || member.NameEquals("refusal"u8) || member.NameEquals("tool_calls"u8)
                || member.NameEquals("function_call"u8) || member.NameEquals("audio"u8))
            {
                text += TextSize.OfAll(member.Value);
            }
            else if (member.Name.Contains("reasoning", StringComparison.Ordinal) || member.Name.Contains("thinking", StringComparison.Ordinal))
            {
                // Some providers say the same under two names.
                reasoning = TextSize.Larger(reasoning, TextSize.OfAll(member.Value));
            }
        }

        return this with { HasContent = hasContent, Text = Text + text + reasoning };
    }

    private static bool IsFilled(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => !value.ValueEquals(""u8),
        JsonValueKind.Array => value.GetArrayLength() > 0 && value.EnumerateArray().Any(IsFilled),
        JsonValueKind.Object => value.EnumerateObject().Any(m => IsFilled(m.Value)),
        _ => false,
    };
}
