using System.Text.Json;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Makes chunks of a streamed message.</summary>
/// <param name="stream">The body.</param>
/// <param name="judge">Learns the count of the prompt at the start of the answer, before any chunk may tell it.</param>
/// <param name="created">When the answer was made.</param>
internal sealed class AnthropicEvents(Stream stream, UsageJudge judge, DateTimeOffset created) : TranslatedEvents(stream, created)
{
    private readonly AnthropicUsage _usage = new();
    private int _tools;
    private int _thoughts;
    private Block _block;

    private enum Block
    {
        Text,
        Thinking,

        /// <summary>A tool call without arguments so far.</summary>
        BareTool,
        Tool,
        Unknown,
    }

    /// <inheritdoc/>
    protected override void Read(JsonElement data)
    {
        switch (JsonTexts.Read(data, "type"))
        {
            case "message_start":
                Saw(data.Says("message", out var message) ? message : data, isStart: true);
                Emit(Chat.Chunk(static json =>
                {
                    json.WriteString("role", "assistant");
                    json.WriteString("content", "");
                }).Span);
                break;
            case "content_block_start" when data.Says("content_block", out var block):
                Start(block);
                break;
            case "content_block_delta" when data.Says("delta", out var delta):
                Continue(delta);
                break;
            case "content_block_stop" when _block == Block.BareTool:
                // A call without arguments has an empty object of them, of which no piece is sent.
                EmitArguments("{}");
                break;
            case "message_delta":
                Saw(data, isStart: false);
                if (data.Says("delta", out var end) && end.Says("stop_reason", out _))
                {
                    Emit(Chat.Chunk(static _ => { }, json => AnthropicStops.Write(json, end)).Span);
                }

                break;
            case "message_stop":
                if (_usage.IsKnown)
                {
                    Emit(Chat.UsageChunk(_usage.Write).Span);
                }

                Emit("[DONE]"u8);
                break;
            case "error" when data.Says("error", out var error) && error.ValueKind == JsonValueKind.Object:
                Emit(Chat.Error(json => AnthropicErrors.Write(json, error, inBand: true)).Span);
                break;
            case "error":
                Emit(Chat.Error(static json => json.WriteNumber("code", 500)).Span);
                break;
            case "ping":
                EmitComment();
                break;
        }
    }

    private void Saw(JsonElement owner, bool isStart)
    {
        _usage.Saw(owner);
        if (_usage.IsKnown)
        {
            judge.Saw(default, _usage.ToCounts(isStart));
        }
    }

    private void Start(JsonElement block)
    {
        switch (JsonTexts.Read(block, "type"))
        {
            case "text":
                _block = Block.Text;
                EmitText(block);
                break;
            case "thinking":
                _block = Block.Thinking;
                _thoughts++;
                EmitThought(block);
                break;
            case "redacted_thinking":
                _block = Block.Unknown;
                _thoughts++;
                EmitDetail(block);
                break;
            case "tool_use":
                _block = Block.BareTool;
                EmitCall(block);
                break;
            case { } tool when tool.EndsWith("_tool_use", StringComparison.Ordinal):
                // What runs at the provider has begun: no other model may take over, since it may have done something.
                _block = Block.Unknown;
                Emit(Chat.Chunk(json => json.WriteString("server_tool", tool)).Span);
                break;
            default:
                _block = Block.Unknown;
                break;
        }
    }

    private void Continue(JsonElement delta)
    {
        switch (JsonTexts.Read(delta, "type"))
        {
            case "text_delta":
                EmitText(delta);
                break;
            case "thinking_delta":
                EmitThought(delta);
                break;
            case "signature_delta":
                EmitDetail(delta);
                break;
            case "input_json_delta" when _block is Block.BareTool or Block.Tool && JsonTexts.Read(delta, "partial_json") is { Length: > 0 } piece:
                EmitArguments(piece);
                break;
        }
    }

    private void EmitText(JsonElement owner)
    {
        if (owner.Says("text", out var text) && text.IsFilledText())
        {
            Emit(Chat.Chunk(json => json.WriteAsIs("content", text)).Span);
        }
    }

    private void EmitThought(JsonElement owner)
    {
        if (owner.Says("thinking", out var text) && text.IsFilledText())
        {
            Emit(Chat.Chunk(json =>
            {
                json.WriteAsIs("reasoning_content", text);
                WriteDetail(json, owner);
            }).Span);
        }
    }

    private void EmitDetail(JsonElement owner) => Emit(Chat.Chunk(json => WriteDetail(json, owner)).Span);

    private void WriteDetail(Utf8JsonWriter json, JsonElement owner)
    {
        json.WriteStartArray("reasoning_details");
        json.WriteStartObject();
        AnthropicDetails.Write(json, _thoughts - 1, owner, "thinking", "signature", "data");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private void EmitCall(JsonElement block)
    {
        var arguments = block.Says("input", out var input) && input.ValueKind == JsonValueKind.Object && input.EnumerateObject().Any() ? input.GetRawText() : string.Empty;
        _block = arguments.Length > 0 ? Block.Tool : _block;
        _tools++;
        var (id, name) = (JsonTexts.Read(block, "id") ?? string.Empty, JsonTexts.Read(block, "name") ?? string.Empty);
        Emit(Chat.Chunk(json => ToolCalls.WriteFirst(json, _tools - 1, id, name, arguments)).Span);
    }

    private void EmitArguments(string piece)
    {
        _block = Block.Tool;
        Emit(Chat.Chunk(json => ToolCalls.WriteMore(json, _tools - 1, piece)).Span);
    }
}
