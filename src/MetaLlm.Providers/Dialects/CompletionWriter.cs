using System.Buffers;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>Writes answers and chunks of the chat completion format. Ids and model names are set later, as for every answer.</summary>
/// <param name="created">When the answer was made.</param>
internal sealed class CompletionWriter(DateTimeOffset created) : IDisposable, IAsyncDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new(512);
    private readonly Utf8JsonWriter _json = new(Stream.Null, new JsonWriterOptions { SkipValidation = true });

    /// <summary>Writes a whole answer of one choice.</summary>
    /// <param name="message">Writes the members of the message but its role.</param>
    /// <param name="choice">Writes the members of the choice that say why it ended.</param>
    /// <param name="usage">Writes the value of the usage member; null for none.</param>
    /// <param name="refusal">What the model refused; null where it did not.</param>
    /// <returns>The answer; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Answer(Action<Utf8JsonWriter> message, Action<Utf8JsonWriter> choice, Action<Utf8JsonWriter>? usage, string? refusal = null) =>
        Answer(
            1,
            (json, _) => message(json),
            (json, _) =>
            {
                json.WriteNull("logprobs");
                choice(json);
            },
            usage,
            refusal);

    /// <summary>Writes a whole answer of several choices.</summary>
    /// <param name="choices">How many there are.</param>
    /// <param name="message">Writes the members of the message of a choice but its role.</param>
    /// <param name="choice">Writes the members of a choice that say why it ended.</param>
    /// <param name="usage">Writes the value of the usage member; null for none.</param>
    /// <param name="refusal">What the model refused; null where it did not.</param>
    /// <returns>The answer; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Answer(int choices, Action<Utf8JsonWriter, int> message, Action<Utf8JsonWriter, int> choice, Action<Utf8JsonWriter>? usage, string? refusal = null)
    {
        Begin("chat.completion");
        for (var i = 0; i < choices; i++)
        {
            _json.WriteStartObject();
            _json.WriteNumber("index", i);
            _json.WriteStartObject("message");
            _json.WriteString("role", "assistant");
            message(_json, i);
            _json.WriteString("refusal", refusal);
            _json.WriteEndObject();
            choice(_json, i);
            _json.WriteEndObject();
        }

        _json.WriteEndArray();
        WriteUsage(usage);
        return End();
    }

    /// <summary>Writes a chunk.</summary>
    /// <param name="delta">Writes the members of the delta.</param>
    /// <param name="choice">Writes the members of the choice that say why it ended; null while it has not.</param>
    /// <param name="index">Number of the choice.</param>
    /// <returns>The chunk; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Chunk(Action<Utf8JsonWriter> delta, Action<Utf8JsonWriter>? choice = null, int index = 0)
    {
        Begin("chat.completion.chunk");
        _json.WriteStartObject();
        _json.WriteNumber("index", index);
        _json.WriteStartObject("delta");
        delta(_json);
        _json.WriteEndObject();
        if (choice is null)
        {
            _json.WriteNull("finish_reason");
        }

        choice?.Invoke(_json);
        _json.WriteEndObject();
        _json.WriteEndArray();
        return End();
    }

    /// <summary>Writes the chunk that has the count.</summary>
    /// <param name="usage">Writes the value of the usage member.</param>
    /// <returns>The chunk; valid until the next call.</returns>
    public ReadOnlyMemory<byte> UsageChunk(Action<Utf8JsonWriter> usage)
    {
        Begin("chat.completion.chunk");
        _json.WriteEndArray();
        WriteUsage(usage);
        return End();
    }

    /// <summary>Writes an error.</summary>
    /// <param name="error">Writes the members of the error.</param>
    /// <param name="usage">Writes the value of the usage member, where what failed was counted; null for none.</param>
    /// <returns>The error; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Error(Action<Utf8JsonWriter> error, Action<Utf8JsonWriter>? usage = null)
    {
        Reset();
        _json.WriteStartObject();
        _json.WriteStartObject("error");
        error(_json);
        _json.WriteEndObject();
        WriteUsage(usage);
        return End();
    }

    /// <inheritdoc/>
    public void Dispose() => _json.Dispose();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private void Reset()
    {
        _output.ResetWrittenCount();
        _json.Reset(_output);
    }

    private void Begin(string kind)
    {
        Reset();
        _json.WriteStartObject();
        _json.WriteString("id", "chatcmpl");
        _json.WriteString("object", kind);
        _json.WriteNumber("created", created.ToUnixTimeSeconds());
        _json.WriteString("model", "");
        _json.WriteStartArray("choices");
    }

    private void WriteUsage(Action<Utf8JsonWriter>? usage)
    {
        if (usage is not null)
        {
            _json.WritePropertyName("usage");
            usage(_json);
        }
    }

    private ReadOnlyMemory<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        return _output.WrittenMemory;
    }
}
