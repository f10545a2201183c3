using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Embeddings;

/// <summary>Turns an answer with embeddings into what the client gets: under the model's name that the client knows, and with vectors in the form that it asked for.</summary>
internal static class EmbeddingsAnswer
{
    private const string Embedding = "embedding";

    /// <summary>Reads and rewrites a body. Where it is in the form that was asked for, every byte but the model's name stays.</summary>
    /// <param name="call">The call.</param>
    /// <param name="body">The upstream's answer.</param>
    /// <param name="judge">Judges counts.</param>
    /// <exception cref="ChatProviderException">It is no answer: no JSON, an error, or other vectors than were asked for.</exception>
    public static ChatPart Read(ChatCall call, ReadOnlyMemory<byte> body, UsageJudge judge)
    {
        // Some servers begin with a byte order mark.
        body = body.Span.StartsWith((ReadOnlySpan<byte>)[0xEF, 0xBB, 0xBF]) ? body[3..] : body;
        try
        {
            MemberNames.ThrowIfNotText(body.Span);
            using var document = JsonDocument.Parse(body);
            return Read(call, body, document.RootElement, judge);
        }
        catch (JsonException e)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer is no JSON object.", e);
        }
    }

    private static ChatPart Read(ChatCall call, ReadOnlyMemory<byte> body, JsonElement root, UsageJudge judge)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer is no JSON object.");
        }

        if (root.TryGetProperty("usage", out var usage) && UsageCounts.Read(usage) is { } counts)
        {
            // Nothing is generated, and few servers say so.
            judge.Saw(default, counts with { Completion = counts.Completion ?? 0 });
        }

        var hasData = root.TryGetProperty("data", out var data) && data.ValueKind == JsonValueKind.Array;
        if ((InBandError.Read(root) ?? (hasData ? null : InBandError.ReadInstead(root))) is { } error)
        {
            throw error.ToFailure(judge);
        }

        var asked = EmbeddingsAsked.Of(call);
        var (problem, isOtherForm) = hasData ? Look(data, asked) : ("The answer has no embeddings.", false);
        var (counted, invoice) = judge.Judge(isEnd: true);
        if (problem is not null)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, problem) { Usage = counted };
        }

        var output = new ArrayBufferWriter<byte>(body.Length + 256);
        if (isOtherForm)
        {
            Rewrite(root, asked.IsBase64, call.ResponseModel, output);
        }
        else
        {
            JsonSplicer.Edit(body.Span, [new("model", JsonSerializer.SerializeToUtf8Bytes(call.ResponseModel), AddIfMissing: true)], output);
        }

        return new ChatPart(output.WrittenMemory, counted, 0, IsLast: true) { InvoiceUsd = invoice };
    }

    /// <summary>What is wrong with the vectors, and whether one of them is in another form than was asked for.</summary>
    private static (string? Problem, bool IsOtherForm) Look(JsonElement data, EmbeddingsAsked asked)
    {
        if (data.GetArrayLength() != asked.Count)
        {
            return ($"The answer has {data.GetArrayLength()} embeddings; {asked.Count} were asked for.", false);
        }

        var (length, isOther) = (asked.Dimensions, false);
        foreach (var item in data.EnumerateArray())
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(Embedding, out var vector) || Vector.LengthOf(vector) is not { } found)
            {
                return ("The answer has an embedding that is none.", false);
            }

            length = length == 0 ? found : length;
            if (found != length)
            {
                return ($"The answer has an embedding of {found} numbers; {length} were asked for.", false);
            }

            isOther |= asked.IsBase64 != (vector.ValueKind == JsonValueKind.String);
        }

        return (null, isOther);
    }

    private static void Rewrite(JsonElement root, bool isBase64, string model, ArrayBufferWriter<byte> output)
    {
        using var writer = new Utf8JsonWriter(output, new JsonWriterOptions { SkipValidation = true });
        writer.WriteStartObject();
        foreach (var member in root.EnumerateObject().Where(member => !member.NameEquals("model"u8)))
        {
            if (!member.NameEquals("data"u8))
            {
                member.WriteTo(writer);
                continue;
            }

            writer.WriteStartArray(member.Name);
            foreach (var item in member.Value.EnumerateArray())
            {
                Rewrite(item, isBase64, writer);
            }

            writer.WriteEndArray();
        }

        writer.WriteString("model", model);
        writer.WriteEndObject();
    }

    private static void Rewrite(JsonElement item, bool isBase64, Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach (var member in item.EnumerateObject())
        {
            if (member.NameEquals(Embedding))
            {
                writer.WritePropertyName(Embedding);
                Vector.Write(writer, member.Value, isBase64);
            }
            else
            {
                member.WriteTo(writer);
            }
        }

        writer.WriteEndObject();
    }
}
