using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Makes a chat completion of an answer; a candidate is a choice.</summary>
internal static class GeminiAnswer
{
    /// <summary>Rewrites an answer; an error stays an error.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body, DateTimeOffset created)
    {
        MemberNames.ThrowIfNotText(body.Span);
        using var document = JsonDocument.Parse(body);
        var answer = document.RootElement;
        using var chat = new CompletionWriter(created);
        if (answer.Says("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            return chat.Error(json => GeminiErrors.Write(json, error, inBand: true));
        }

        var candidates = answer.Says("candidates", out var list) && list.ValueKind == JsonValueKind.Array ? list.EnumerateArray().ToList() : [];
        var usage = new GeminiUsage();
        usage.Saw(answer);
        if (candidates.Count == 0 && Blocked(answer) is { } reason)
        {
            return chat.Error(json => GeminiErrors.WriteBlocked(json, reason), usage.IsKnown ? usage.Write : null);
        }

        if (candidates.Count == 0 && !usage.IsKnown)
        {
            // Whatever it is otherwise, it has no choices.
            return body;
        }

        var pieces = candidates.ConvertAll(GeminiContent.Read);
        return chat.Answer(
            candidates.Count,
            (json, i) => Write(json, pieces[i]),
            (json, i) =>
            {
                GeminiLogprobs.Write(json, candidates[i]);
                GeminiStops.Write(json, candidates[i], pieces[i].Exists(piece => piece.Kind == GeminiKind.Call));
            },
            usage.IsKnown ? usage.Write : null);
    }

    /// <summary>Why Google has blocked a prompt; null where it has not.</summary>
    public static string? Blocked(JsonElement answer) =>
        answer.Says("promptFeedback", out var feedback) && JsonTexts.Read(feedback, "blockReason") is { Length: > 0 } reason ? reason : null;

    private static void Write(Utf8JsonWriter json, List<GeminiPiece> pieces)
    {
        WriteTexts(json, "content", pieces, GeminiKind.Text);
        var thoughts = pieces.FindAll(piece => piece.Kind == GeminiKind.Thought && piece.Value.IsFilledText());
        if (thoughts.Count > 0)
        {
            WriteTexts(json, "reasoning_content", pieces, GeminiKind.Thought);
        }

        if (thoughts.Count > 0 || pieces.Exists(piece => piece.Signature is not null))
        {
            WriteDetails(json, pieces);
        }

        if (pieces.Exists(piece => piece.Kind == GeminiKind.Data))
        {
            GeminiContent.WriteImages(json, pieces.Where(piece => piece.Kind == GeminiKind.Data));
        }

        if (pieces.Exists(piece => piece.Kind == GeminiKind.Call))
        {
            json.WriteStartArray("tool_calls");
            foreach (var call in pieces.Where(piece => piece.Kind == GeminiKind.Call))
            {
                GeminiContent.WriteCall(json, call, null);
            }

            json.WriteEndArray();
        }
    }

    private static void WriteTexts(Utf8JsonWriter json, string member, List<GeminiPiece> pieces, GeminiKind kind)
    {
        var texts = pieces.Where(piece => piece.Kind == kind && piece.Value.IsFilledText()).Select(piece => JsonTexts.Read(piece.Value)).ToList();
        json.WriteString(member, texts.Count == 0 ? null : string.Concat(texts));
    }

    private static void WriteDetails(Utf8JsonWriter json, List<GeminiPiece> pieces)
    {
        var index = 0;
        json.WriteStartArray("reasoning_details");
        foreach (var piece in pieces)
        {
            if (piece.Kind == GeminiKind.Thought && piece.Value.IsFilledText())
            {
                GeminiContent.WriteThought(json, piece.Value, index++);
            }

            if (piece.Signature is not null)
            {
                GeminiContent.WriteSignature(json, piece, index++);
            }
        }

        json.WriteEndArray();
    }
}
