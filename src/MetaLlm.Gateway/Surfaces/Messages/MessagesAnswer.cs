using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Translates a chat completion into a message of Anthropic's, whole or as events.</summary>
/// <param name="stopSequences">The client's stop sequences.</param>
internal sealed class MessagesAnswer(IReadOnlyCollection<string> stopSequences) : IAnswerTranslator
{
    private static readonly byte[] Ping = "event: ping\ndata: {\"type\":\"ping\"}\n\n"u8.ToArray();
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    private readonly EventWriter _events = new();
    private MessagesAnswerReader? _reader;
    private bool _begun;

    /// <summary>A ping belongs into a message; until it has begun, a comment says that somebody is there.</summary>
    public ReadOnlyMemory<byte> KeepAlive => _begun ? Ping : Comment;

    public void Whole(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output)
    {
        if (call.IsNative)
        {
            output.Write(chat.Span);
            return;
        }

        using var writer = ChatWriter.Open(output);
        writer.WriteStartObject();
        WriteHead(writer, call);
        writer.WriteStartArray("content");
        var reader = new MessagesAnswerReader(new MessagesBlockList(writer), stopSequences);
        reader.Read(chat);
        reader.End();
        writer.WriteEndArray();
        WriteStop(writer, reader);
        WriteUsage(writer, call, reader, isWhole: true);
        writer.WriteEndObject();
    }

    public void Part(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output)
    {
        if (call.IsNative)
        {
            _begun = true;
            output.Write(chat.Span);
            return;
        }

        _events.Output = output;
        var said = false;
        while (ChatEvents.TryNext(ref chat, out var data))
        {
            said = true;
            if (_reader is null)
            {
                WriteStart(call);
                _begun = true;
                _reader = new MessagesAnswerReader(new MessagesBlockEvents(_events), stopSequences);
            }

            if (ChatEvents.IsEnd(data))
            {
                WriteEnd(call, _reader);
            }
            else
            {
                _reader.Read(data);
            }
        }

        if (!said)
        {
            output.Write(KeepAlive.Span);
        }
    }

    public ValueTask KeepAsync(CancellationToken cancellationToken) => default;

    public void Error(ApiError error, IBufferWriter<byte> output)
    {
        output.Write("event: error\ndata: "u8);
        output.Write(JsonSerializer.SerializeToUtf8Bytes(MessagesErrors.Body(error), ApiJson.TypeOf<Contracts.MessagesErrorBody>()));
        output.Write("\n\n"u8);
    }

    public void Dispose() => _events.Dispose();

    private static void WriteHead(Utf8JsonWriter writer, RoutedCall call)
    {
        writer.WriteString("id", MessagesSurface.IdOf(call.Decision.DecisionId));
        writer.WriteString("type", "message");
        writer.WriteString("role", "assistant");
        writer.WriteString("model", call.ServedArm);
        writer.WriteNull("container");
    }

    private static void WriteStop(Utf8JsonWriter writer, MessagesAnswerReader? reader)
    {
        writer.WriteString("stop_reason", reader?.StopReason);
        writer.WriteString("stop_sequence", reader?.StoppedAt);
        writer.WriteNull("stop_details");
    }

    /// <summary>Anthropic counts what caches gave and took beside the prompt, and not within it. Where nobody counted, these are estimates.</summary>
    private static void WriteUsage(Utf8JsonWriter writer, RoutedCall call, MessagesAnswerReader? reader, bool isWhole)
    {
        var usage = reader?.Usage ?? new ChatUsage((long)Math.Ceiling(call.Decision.InputTokens), 0, 0, Estimated(reader), 0);
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.Prompt - usage.Cached - usage.Written);
        writer.WriteNumber("cache_creation_input_tokens", usage.Written);
        writer.WriteNumber("cache_read_input_tokens", usage.Cached);
        writer.WriteNumber("output_tokens", usage.Completion);
        writer.WriteNull("server_tool_use");
        if (usage.Reasoning > 0)
        {
            writer.WriteStartObject("output_tokens_details");
            writer.WriteNumber("thinking_tokens", usage.Reasoning);
            writer.WriteEndObject();
        }

        if (isWhole)
        {
            writer.WriteNull("cache_creation");
            writer.WriteNull("service_tier");
        }

        writer.WriteEndObject();
    }

    private static long Estimated(MessagesAnswerReader? reader) =>
        reader is null ? 0 : (long)Math.Ceiling(TokenEstimate.FromCharacters(reader.TextBytes));

    private void WriteStart(RoutedCall call)
    {
        var writer = _events.Begin("message_start");
        writer.WriteStartObject("message");
        WriteHead(writer, call);
        writer.WriteStartArray("content");
        writer.WriteEndArray();
        WriteStop(writer, reader: null);
        WriteUsage(writer, call, reader: null, isWhole: true);
        writer.WriteEndObject();
        _events.End();
    }

    private void WriteEnd(RoutedCall call, MessagesAnswerReader reader)
    {
        reader.End();
        var writer = _events.Begin("message_delta");
        writer.WriteStartObject("delta");
        WriteStop(writer, reader);
        writer.WriteNull("container");
        writer.WriteEndObject();
        WriteUsage(writer, call, reader, isWhole: false);
        _events.End();
        _events.Begin("message_stop");
        _events.End();
    }
}
