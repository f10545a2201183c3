using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Makes chunks of a streamed response.</summary>
/// <param name="stream">The body.</param>
/// <param name="created">When the answer was made.</param>
internal sealed class ResponsesEvents(Stream stream, DateTimeOffset created) : TranslatedEvents(stream, created)
{
    private readonly ResponsesUsage _usage = new();

    /// <summary>Calls of functions by their place among all items: their number, and whether arguments have come.</summary>
    private readonly Dictionary<int, (int Index, bool HasArguments)> _calls = [];
    private int _thoughts;
    private bool _hasAct;
    private bool _hasRole;

    /// <inheritdoc/>
    protected override void Read(JsonElement data)
    {
        switch (JsonTexts.Read(data, "type"))
        {
            case "response.created" or "response.in_progress" or "response.queued":
                EmitRole();
                break;
            case "response.output_item.added" when data.Says("item", out var item):
                Start(item, Place(data));
                break;
            case "response.output_item.done" when data.Says("item", out var item):
                End(item, Place(data));
                break;
            case "response.output_text.delta":
                EmitText(data, "content");
                break;
            case "response.refusal.delta":
                EmitText(data, "refusal");
                break;
            case "response.reasoning_summary_part.added" when data.Says("summary_index", out var index) && index.ValueKind == JsonValueKind.Number && index.GetDouble() > 0:
                Emit(Chat.Chunk(static json => json.WriteString("reasoning_content", "\n\n")).Span);
                break;
            case "response.reasoning_summary_text.delta":
                EmitThought(data, "reasoning.summary", "summary");
                break;
            case "response.reasoning_text.delta":
                EmitThought(data, "reasoning.text", "text");
                break;
            case "response.function_call_arguments.delta" when JsonTexts.Read(data, "delta") is { Length: > 0 } piece:
                EmitArguments(Place(data), piece);
                break;
            case "response.completed" or "response.incomplete" when data.Says("response", out var response):
                Complete(response);
                break;
            case "response.failed" when data.Says("response", out var response) && response.Says("error", out var error) && error.ValueKind == JsonValueKind.Object:
                _usage.Saw(response);
                Emit(Chat.Error(json => ResponsesErrors.Write(json, error), _usage.IsKnown ? _usage.Write : null).Span);
                break;
            case "error" when data.Says("error", out var error) && error.ValueKind == JsonValueKind.Object:
                Emit(Chat.Error(json => ResponsesErrors.Write(json, error)).Span);
                break;
            case "response.failed" or "response.cancelled":
                Emit(Chat.Error(static json => json.WriteNumber("code", 500)).Span);
                break;
            case "error":
                Emit(Chat.Error(json => ResponsesErrors.Write(json, data)).Span);
                break;
            case "keepalive":
                EmitComment();
                break;
        }
    }

    private static int Place(JsonElement data) =>
        data.Says("output_index", out var place) && place.ValueKind == JsonValueKind.Number && place.TryGetInt32(out var number) ? number : -1;

    private void EmitRole()
    {
        if (!_hasRole)
        {
            _hasRole = true;
            Emit(Chat.Chunk(static json =>
            {
                json.WriteString("role", "assistant");
                json.WriteString("content", "");
            }).Span);
        }
    }

    private void Start(JsonElement item, int place)
    {
        switch (JsonTexts.Read(item, "type"))
        {
            case "message":
                break;
            case "reasoning":
                _thoughts++;
                break;
            case "function_call":
                var (id, name) = (JsonTexts.Read(item, "call_id") ?? string.Empty, JsonTexts.Read(item, "name") ?? string.Empty);
                var index = _calls.Count;
                _calls[place] = (index, false);
                Emit(Chat.Chunk(json => ToolCalls.WriteFirst(json, index, id, name, string.Empty)).Span);
                break;
            case { } tool:
                // What runs at the provider has begun: no other model may take over, since it may have done something.
                _hasAct |= tool == "mcp_approval_request";
                Emit(Chat.Chunk(json => json.WriteString("server_tool", tool)).Span);
                break;
        }
    }

    private void End(JsonElement item, int place)
    {
        switch (JsonTexts.Read(item, "type"))
        {
            case "reasoning" when JsonTexts.Read(item, "encrypted_content") is { Length: > 0 }:
                Emit(Chat.Chunk(json =>
                {
                    json.WriteStartArray("reasoning_details");
                    ResponsesReasoning.WriteEncrypted(json, Math.Max(0, _thoughts - 1), item);
                    json.WriteEndArray();
                }).Span);
                break;
            case "function_call" when _calls.TryGetValue(place, out var call) && !call.HasArguments:
                EmitArguments(place, JsonTexts.Read(item, "arguments") is { Length: > 0 } arguments ? arguments : "{}");
                break;
        }
    }

    private void Complete(JsonElement response)
    {
        EmitRole();
        _usage.Saw(response);
        Emit(Chat.Chunk(static _ => { }, json => ResponsesEnds.Write(json, response, _hasAct || _calls.Count > 0)).Span);
        if (_usage.IsKnown)
        {
            Emit(Chat.UsageChunk(_usage.Write).Span);
        }

        Emit("[DONE]"u8);
    }

    private void EmitText(JsonElement data, string member)
    {
        if (data.Says("delta", out var text) && text.IsFilledText())
        {
            Emit(Chat.Chunk(json => json.WriteAsIs(member, text)).Span);
        }
    }

    private void EmitThought(JsonElement data, string type, string member)
    {
        if (data.Says("delta", out var text) && text.IsFilledText())
        {
            Emit(Chat.Chunk(json =>
            {
                json.WriteAsIs("reasoning_content", text);
                json.WriteStartArray("reasoning_details");
                ResponsesReasoning.WriteOpen(json, Math.Max(0, _thoughts - 1), type, member, text);
                json.WriteEndArray();
            }).Span);
        }
    }

    private void EmitArguments(int place, string piece)
    {
        if (_calls.TryGetValue(place, out var call))
        {
            _calls[place] = (call.Index, true);
            Emit(Chat.Chunk(json => ToolCalls.WriteMore(json, call.Index, piece)).Span);
        }
    }
}
