using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Translates a chat completion into a response of OpenAI's, whole or as events.</summary>
/// <param name="asked">What it repeats of its request.</param>
/// <param name="keep">Keeps a whole response, JSON; null where it is not to be kept.</param>
internal sealed class ResponsesAnswer(ResponsesAsked asked, Func<string, DateTimeOffset, ReadOnlyMemory<byte>, CancellationToken, ValueTask>? keep) : IAnswerTranslator
{
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    private readonly ResponsesEvents _events = new();
    private RoutedCall? _call;
    private ResponsesAnswerReader? _reader;
    private NativeResponse? _native;
    private byte[]? _whole;

    public ReadOnlyMemory<byte> KeepAlive => Comment;

    public void Whole(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output)
    {
        (_call, _reader) = (call, new ResponsesAnswerReader(call.Decision.DecisionId, events: null));
        if (call.IsNative)
        {
            var response = new ArrayBufferWriter<byte>(chat.Length + 256);
            new NativeResponse(call, asked).Whole(chat, response);
            output.Write(response.WrittenSpan);
            _whole = response.WrittenSpan.ToArray();
            return;
        }

        _reader.Read(chat);
        _reader.End();
        using var writer = ChatWriter.Open(output);
        WriteEnded(writer);
    }

    public void Part(RoutedCall call, ReadOnlyMemory<byte> chat, IBufferWriter<byte> output)
    {
        _events.Output = output;
        var said = false;
        while (ChatEvents.TryNext(ref chat, out var data))
        {
            said = true;
            if (call.IsNative)
            {
                PassOn(call, data, output);
                continue;
            }

            if (_reader is null)
            {
                (_call, _reader) = (call, new ResponsesAnswerReader(call.Decision.DecisionId, _events));
                Response("response.created", writer => WriteResponse(writer, "in_progress", isWhole: false));
                Response("response.in_progress", writer => WriteResponse(writer, "in_progress", isWhole: false));
            }

            if (ChatEvents.IsEnd(data))
            {
                _reader.End();
                Response(Reason is null ? "response.completed" : "response.incomplete", WriteEnded);
            }
            else
            {
                _reader.Read(data);
            }
        }

        if (!said)
        {
            output.Write(Comment);
        }
    }

    private void PassOn(RoutedCall call, ReadOnlyMemory<byte> data, IBufferWriter<byte> output)
    {
        if (_native is null)
        {
            (_call, _reader, _native) = (call, new ResponsesAnswerReader(call.Decision.DecisionId, events: null), new NativeResponse(call, asked));
        }

        _whole = _native.Event(data, output) ?? _whole;
        _events.GoOnFrom(_native.NextSequence);
    }

    public ValueTask KeepAsync(CancellationToken cancellationToken)
    {
        if (_whole is not { } whole || keep is null)
        {
            return default;
        }

        _whole = null;
        return keep(_call!.Decision.DecisionId, _call.Decision.At, whole, cancellationToken);
    }

    public void Error(ApiError error, IBufferWriter<byte> output)
    {
        _events.Output = output;
        if (_reader is not null)
        {
            Response("response.failed", failed => WriteResponse(failed, "failed", isWhole: false, error));
            return;
        }

        var writer = _events.Begin("error");
        writer.WriteString("code", error.Code.Name);
        writer.WriteString("message", error.Message);
        writer.WriteString("param", error.Param);
        _events.End();
    }

    public void Dispose() => _events.Dispose();

    /// <summary>Why the answer is not whole; null where it is.</summary>
    private string? Reason => _reader!.FinishReason switch
    {
        "length" => "max_output_tokens",
        "content_filter" => "content_filter",
        _ => null,
    };

    private void Response(string name, Action<Utf8JsonWriter> write)
    {
        var writer = _events.Begin(name);
        writer.WritePropertyName("response");
        write(writer);
        _events.End();
    }

    private void WriteEnded(Utf8JsonWriter writer)
    {
        if (keep is null)
        {
            WriteResponse(writer, Reason is null ? "completed" : "incomplete", isWhole: true);
            return;
        }

        // What is kept is what is sent.
        var whole = new ArrayBufferWriter<byte>(4096);
        using (var own = ChatWriter.Open(whole))
        {
            WriteResponse(own, Reason is null ? "completed" : "incomplete", isWhole: true);
        }

        _whole = whole.WrittenSpan.ToArray();
        writer.WriteRawValue(_whole, skipInputValidation: true);
    }

    private void WriteResponse(Utf8JsonWriter writer, string status, bool isWhole, ApiError? error = null)
    {
        var (call, reader) = (_call!, _reader!);
        writer.WriteStartObject();
        writer.WriteString("id", ChatIds.ResponsePrefix + call.Decision.DecisionId);
        writer.WriteString("object", "response");
        writer.WriteNumber("created_at", call.Decision.At.ToUnixTimeSeconds());
        writer.WriteString("status", status);
        writer.WriteString("model", call.ServedArm);
        WriteProblem(writer, error);
        asked.Write(writer);
        writer.WriteStartArray("output");
        foreach (var item in isWhole ? reader.Items : [])
        {
            item.Write(writer, isWhole: true);
        }

        writer.WriteEndArray();
        if (isWhole)
        {
            WriteUsage(writer, call, reader);
        }
        else
        {
            writer.WriteNull("usage");
        }

        writer.WriteEndObject();
    }

    private void WriteProblem(Utf8JsonWriter writer, ApiError? error)
    {
        if (error is null)
        {
            writer.WriteNull("error");
        }
        else
        {
            writer.WriteStartObject("error");
            writer.WriteString("code", error.Code.Name);
            writer.WriteString("message", error.Message);
            writer.WriteEndObject();
        }

        if (error is not null || Reason is null)
        {
            writer.WriteNull("incomplete_details");
        }
        else
        {
            writer.WriteStartObject("incomplete_details");
            writer.WriteString("reason", Reason);
            writer.WriteEndObject();
        }
    }

    /// <summary>Where nobody counted, these are estimates.</summary>
    private static void WriteUsage(Utf8JsonWriter writer, RoutedCall call, ResponsesAnswerReader reader)
    {
        var usage = reader.Usage ?? new ChatUsage(
            (long)Math.Ceiling(call.Decision.InputTokens), 0, 0, (long)Math.Ceiling(TokenEstimate.FromCharacters(reader.TextBytes)), 0);
        writer.WriteStartObject("usage");
        writer.WriteNumber("input_tokens", usage.Prompt);
        writer.WriteStartObject("input_tokens_details");
        writer.WriteNumber("cached_tokens", usage.Cached);
        writer.WriteNumber("cache_write_tokens", usage.Written);
        writer.WriteEndObject();
        writer.WriteNumber("output_tokens", usage.Completion);
        writer.WriteStartObject("output_tokens_details");
        writer.WriteNumber("reasoning_tokens", usage.Reasoning);
        writer.WriteEndObject();
        writer.WriteNumber("total_tokens", usage.Prompt + usage.Completion);
        writer.WriteEndObject();
    }
}
