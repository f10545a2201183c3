using System.Text.Json;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Makes chunks of a streamed answer of Converse. The count comes last, in an event of its own.</summary>
/// <param name="stream">The body.</param>
/// <param name="judge">Learns the count.</param>
/// <param name="created">When the answer was made.</param>
internal sealed class BedrockEvents(Stream stream, UsageJudge judge, DateTimeOffset created) : ChatEventSource(created)
{
    private readonly EventFrameReader _reader = new(stream);
    private readonly BedrockUsage _usage = new();
    private int _calls;
    private int _thoughts;
    private bool _isThinking;

    /// <summary>Whether the call under way has no arguments so far.</summary>
    private bool _isBare;

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (await _reader.NextAsync(cancellationToken).ConfigureAwait(false) is not { } frame)
        {
            return false;
        }

        if (frame.Kind != "event")
        {
            EmitError(frame);
            return true;
        }

        ReadObject(frame.Payload, data => Read(frame.Name, data));
        if (IsSilent)
        {
            EmitComment();
        }

        return true;
    }

    private void EmitError(EventFrame frame)
    {
        using var body = BedrockErrors.Parse(frame.Payload);
        Emit(Chat.Error(json => BedrockErrors.Write(json, body?.RootElement ?? default, frame.Name)).Span);
    }

    private void Read(string name, JsonElement data)
    {
        switch (name)
        {
            case "messageStart":
                Emit(Chat.Chunk(static json =>
                {
                    json.WriteString("role", "assistant");
                    json.WriteString("content", "");
                }).Span);
                break;
            case "contentBlockStart" when data.Says("start", out var start) && start.Says("toolUse", out var call):
                var (id, tool) = (JsonTexts.Read(call, "toolUseId") ?? string.Empty, JsonTexts.Read(call, "name") ?? string.Empty);
                _isBare = true;
                _calls++;
                Emit(Chat.Chunk(json => ToolCalls.WriteFirst(json, _calls - 1, id, tool, string.Empty)).Span);
                break;
            case "contentBlockDelta" when data.Says("delta", out var delta):
                Continue(delta);
                break;
            case "contentBlockStop":
                _isThinking = false;
                if (_isBare)
                {
                    // A call without arguments has an empty object of them, of which no piece is sent.
                    EmitArguments("{}");
                }

                break;
            case "messageStop":
                Emit(Chat.Chunk(static _ => { }, json => BedrockStops.Write(json, data)).Span);
                break;
            case "metadata":
                _usage.Saw(data);
                if (_usage.IsKnown)
                {
                    judge.Saw(default, _usage.ToCounts(isStart: false));
                    Emit(Chat.UsageChunk(_usage.Write).Span);
                }

                Emit("[DONE]"u8);
                break;
        }
    }

    private void Continue(JsonElement delta)
    {
        if (delta.Says("text", out var text) && text.IsFilledText())
        {
            Emit(Chat.Chunk(json => json.WriteAsIs("content", text)).Span);
        }
        else if (delta.Says("toolUse", out var call) && JsonTexts.Read(call, "input") is { Length: > 0 } piece)
        {
            EmitArguments(piece);
        }
        else if (delta.Says("reasoningContent", out var thought))
        {
            _thoughts += _isThinking ? 0 : 1;
            _isThinking = true;
            Emit(Chat.Chunk(json =>
            {
                if (thought.Says("text", out var said))
                {
                    json.WriteAsIs("reasoning_content", said);
                }

                json.WriteStartArray("reasoning_details");
                json.WriteStartObject();
                BedrockDetails.Write(json, _thoughts - 1, thought);
                json.WriteEndObject();
                json.WriteEndArray();
            }).Span);
        }
    }

    private void EmitArguments(string piece)
    {
        _isBare = false;
        Emit(Chat.Chunk(json => ToolCalls.WriteMore(json, _calls - 1, piece)).Span);
    }
}
