using System.Buffers;
using System.Text;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.RequestLog;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Contracts;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>Makes of what was noted what is kept: texts are joined, blotted out and cut.</summary>
internal static class CallRecordWriter
{
    public static LoggedRequest ToRequest(CallRecord record)
    {
        var id = record.DecisionId ?? $"req-{Guid.NewGuid():N}";
        var head = new LoggedRequestBody
        {
            Id = id,
            CreatedAt = record.At,
            Path = record.Path,
            Model = record.Model,
            Stream = record.IsStream,
            Status = record.Status,
            Error = record.Error,
            DecisionId = record.DecisionId,
            RequestId = record.RequestId,
            Key = record.Key,
            Seconds = Math.Round(record.Elapsed.TotalSeconds, 6),
        };
        return new LoggedRequest
        {
            Tenant = record.Tenant.Id,
            Id = id,
            CreatedAt = record.At,
            Head = JsonSerializer.Serialize(head, ApiJson.TypeOf<LoggedRequestBody>()),
            Body = Body(record, record.Tenant.RequestLog),
        };
    }

    private static ReadOnlyMemory<byte> Body(CallRecord record, RequestLogSettings settings)
    {
        var output = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(output))
        {
            writer.WriteStartObject();
            if (record.Request is { } request)
            {
                var (json, isCut) = RedactedJson.Write(request.Span, settings.Redactor, settings.MaxBytes);
                writer.WritePropertyName("request");
                writer.WriteRawValue(json, skipInputValidation: true);
                writer.WriteBoolean("request_cut", isCut);
            }

            writer.WriteStartArray("answer");
            var (texts, isWhole) = record.Blocked is { } blocked ? (blocked, true) : Texts(record);
            var room = settings.MaxBytes;
            foreach (var text in texts)
            {
                isWhole &= Write(writer, text, settings, isBrokenOff: record.Blocked is null && record.IsAnswerCut, ref room);
            }

            writer.WriteEndArray();
            writer.WriteBoolean("answer_cut", !isWhole);
            writer.WriteEndObject();
        }

        return output.WrittenMemory;
    }

    /// <returns>Whether all of the text was written.</returns>
    private static bool Write(Utf8JsonWriter writer, GuardedText text, RequestLogSettings settings, bool isBrokenOff, ref int room)
    {
        // What is far beyond the room is not looked at. What is blotted out may shorten the rest, so that the end of a text that was cut can come within the room: it is dropped.
        var margin = room + RedactedJson.Doubtful;
        var isCut = isBrokenOff || text.Text.Length > margin;
        var redacted = settings.Redactor.Redact(text.Text.Length > margin ? text.Text[..margin] : text.Text);
        var bytes = Encoding.UTF8.GetByteCount(redacted);
        var (isWhole, kept) = (bytes <= room && !isCut, redacted);
        if (!isWhole)
        {
            var characters = Math.Min(Math.Max(0, redacted.Length - (isCut ? RedactedJson.Doubtful : 0)), room);
            while (characters > 0 && (Encoding.UTF8.GetByteCount(redacted.AsSpan(0, characters)) > room || char.IsHighSurrogate(redacted[characters - 1])))
            {
                characters = Math.Max(0, characters - Math.Max(1, (Encoding.UTF8.GetByteCount(redacted.AsSpan(0, characters)) - room) / 3));
            }

            kept = redacted[..characters];
        }

        room -= Math.Min(room, Encoding.UTF8.GetByteCount(kept));
        writer.WriteStartObject();
        writer.WriteString("role", text.Role);
        writer.WriteString("kind", text.Kind);
        writer.WriteString("text", kept);
        writer.WriteEndObject();
        return isWhole;
    }

    private static (IReadOnlyList<GuardedText> Texts, bool IsWhole) Texts(CallRecord record)
    {
        var answer = new GuardedAnswer(record.IsStream);
        try
        {
            if (!record.Answer.IsEmpty)
            {
                answer.Add(record.Answer, isHeld: false);
            }
        }
        catch (ChatProviderException)
        {
            // The rest was not noted, or the answer broke off within an event.
            return (answer.Texts.ToTexts(), false);
        }

        return (answer.Texts.ToTexts(), !record.IsAnswerCut);
    }
}
