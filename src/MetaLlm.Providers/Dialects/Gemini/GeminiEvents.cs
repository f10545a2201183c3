using System.Text.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Makes chunks of a streamed answer. Its events are answers with the parts that are new; it ends without a closing mark.</summary>
/// <param name="stream">The body.</param>
/// <param name="judge">Learns counts before any chunk may tell them.</param>
/// <param name="created">When the answer was made.</param>
internal sealed class GeminiEvents(Stream stream, UsageJudge judge, DateTimeOffset created) : TranslatedEvents(stream, created)
{
    private readonly GeminiUsage _usage = new();
    private readonly Dictionary<int, Choice> _choices = [];

    /// <inheritdoc/>
    protected override void Read(JsonElement data)
    {
        if (data.Says("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            Emit(Chat.Error(json => GeminiErrors.Write(json, error, inBand: true)).Span);
            return;
        }

        _usage.Saw(data);
        if (_usage.IsKnown)
        {
            judge.Saw(default, _usage.ToCounts(isStart: false));
        }

        var position = 0;
        foreach (var candidate in data.Says("candidates", out var candidates) && candidates.ValueKind == JsonValueKind.Array ? candidates.EnumerateArray().ToArray() : [])
        {
            Read(candidate, candidate.Says("index", out var said) && said.ValueKind == JsonValueKind.Number && said.TryGetInt32(out var index) ? index : position);
            position++;
        }

        if (position == 0 && GeminiAnswer.Blocked(data) is { } reason)
        {
            Emit(Chat.Error(json => GeminiErrors.WriteBlocked(json, reason)).Span);
        }
        else if (IsSilent)
        {
            EmitComment();
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_choices.Count == 0 || !_choices.Values.All(choice => choice.HasEnded))
        {
            return;
        }

        if (_usage.IsKnown)
        {
            Emit(Chat.UsageChunk(_usage.Write).Span);
        }

        Emit("[DONE]"u8);
    }

    private void Read(JsonElement candidate, int index)
    {
        if (!_choices.TryGetValue(index, out var choice))
        {
            _choices[index] = choice = new Choice();
            Emit(Chat.Chunk(
                static json =>
                {
                    json.WriteString("role", "assistant");
                    json.WriteString("content", "");
                },
                index: index).Span);
        }

        foreach (var piece in GeminiContent.Read(candidate))
        {
            Read(piece, choice, index);
        }

        if (candidate.Says("finishReason", out _))
        {
            choice.HasEnded = true;
            Emit(Chat.Chunk(
                static _ => { },
                json =>
                {
                    GeminiLogprobs.Write(json, candidate);
                    GeminiStops.Write(json, candidate, choice.Calls > 0);
                },
                index).Span);
        }
        else if (candidate.Says("logprobsResult", out _))
        {
            Emit(Chat.Chunk(
                static _ => { },
                json =>
                {
                    GeminiLogprobs.Write(json, candidate);
                    json.WriteNull("finish_reason");
                },
                index).Span);
        }
    }

    private void Read(GeminiPiece piece, Choice choice, int index)
    {
        // A detail for each run of thinking and for each signature.
        choice.Details += piece.Kind == GeminiKind.Thought && !choice.IsThinking ? 1 : 0;
        choice.IsThinking = piece is { Kind: GeminiKind.Thought, Signature: null };
        if (piece.Signature is not null && piece.Kind == GeminiKind.Call)
        {
            EmitSignature(piece, choice, index);
        }

        switch (piece.Kind)
        {
            case GeminiKind.Thought when piece.Value.IsFilledText():
                Emit(Chat.Chunk(
                    json =>
                    {
                        json.WriteAsIs("reasoning_content", piece.Value);
                        json.WriteStartArray("reasoning_details");
                        GeminiContent.WriteThought(json, piece.Value, choice.Details - 1);
                        json.WriteEndArray();
                    },
                    index: index).Span);
                break;
            case GeminiKind.Text when piece.Value.IsFilledText():
                Emit(Chat.Chunk(json => json.WriteAsIs("content", piece.Value), index: index).Span);
                break;
            case GeminiKind.Call:
                Emit(Chat.Chunk(
                    json =>
                    {
                        json.WriteStartArray("tool_calls");
                        GeminiContent.WriteCall(json, piece, choice.Calls);
                        json.WriteEndArray();
                    },
                    index: index).Span);
                choice.Calls++;
                break;
            case GeminiKind.Data:
                Emit(Chat.Chunk(json => GeminiContent.WriteImages(json, [piece]), index: index).Span);
                break;
        }

        if (piece.Signature is not null && piece.Kind != GeminiKind.Call)
        {
            EmitSignature(piece, choice, index);
        }
    }

    private void EmitSignature(GeminiPiece piece, Choice choice, int index) => Emit(Chat.Chunk(
        json =>
        {
            json.WriteStartArray("reasoning_details");
            GeminiContent.WriteSignature(json, piece, choice.Details++);
            json.WriteEndArray();
        },
        index: index).Span);

    /// <summary>A candidate so far.</summary>
    private sealed class Choice
    {
        public int Calls { get; set; }

        public int Details { get; set; }

        public bool IsThinking { get; set; }

        public bool HasEnded { get; set; }
    }
}
