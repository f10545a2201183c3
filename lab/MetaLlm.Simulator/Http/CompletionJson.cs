using System.Buffers;
using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>Writes completions and their chunks. Written by hand because null and absent differ here, field by field.</summary>
internal static class CompletionJson
{
    private const string TextKind = "text_completion";

    public static byte[] Body(Completion completion) => completion.IsText ? Text(completion, completion.Text, completion.FinishReason, writer => WriteUsage(writer, completion.Usage)) : Write(completion, "chat.completion", writer =>
    {
        WriteChoice(writer, "message", completion, completion.Text, completion.FinishReason, () =>
        {
            writer.WriteString("role", "assistant");
            if (completion.ToolName is null)
            {
                writer.WriteString("content", completion.Text);
            }
            else
            {
                writer.WriteNull("content");
                WriteToolCall(writer, completion, completion.Text, index: null);
            }

            writer.WriteNull("refusal");
        });
        WriteUsage(writer, completion.Usage);
        WriteEcho(writer, completion);
    });

    /// <summary>The chunk that opens a stream: the role, and the name of a called tool.</summary>
    public static byte[] Opening(Completion completion, bool includeUsage) => Chunk(completion, includeUsage, "", null, writer =>
    {
        writer.WriteString("role", "assistant");
        if (completion.ToolName is null)
        {
            writer.WriteString("content", string.Empty);
        }
        else
        {
            writer.WriteNull("content");
            WriteToolCall(writer, completion, string.Empty, index: 0);
        }
    });

    /// <summary>The chunk that carries a piece of the text or of a tool's arguments.</summary>
    public static byte[] Delta(Completion completion, bool includeUsage, string piece) => completion.IsText ? Text(completion, piece, null, includeUsage) : Chunk(completion, includeUsage, piece, null, writer =>
    {
        if (completion.ToolName is null)
        {
            writer.WriteString("content", piece);
            return;
        }

        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject("function");
        writer.WriteString("arguments", piece);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    });

    /// <summary>The chunk that gives the finish reason.</summary>
    public static byte[] Finish(Completion completion, bool includeUsage) => completion.IsText ? Text(completion, "", completion.FinishReason, includeUsage) : Chunk(completion, includeUsage, "", completion.FinishReason, _ => { });

    /// <summary>The last chunk where usage was asked for: no choices.</summary>
    public static byte[] Usage(Completion completion) => Write(completion, completion.IsText ? TextKind : "chat.completion.chunk", writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteEndArray();
        WriteUsage(writer, completion.Usage);
    });

    private static byte[] Text(Completion completion, string text, string? finishReason, bool includeUsage) => Text(completion, text, finishReason, writer =>
    {
        if (includeUsage)
        {
            writer.WriteNull("usage");
        }
    });

    private static byte[] Text(Completion completion, string text, string? finishReason, Action<Utf8JsonWriter> rest) => Write(completion, TextKind, writer =>
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteString("text", text);
        writer.WriteNumber("index", 0);
        writer.WriteNull("logprobs");
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
        rest(writer);
    });

    private static byte[] Chunk(Completion completion, bool includeUsage, string piece, string? finishReason, Action<Utf8JsonWriter> delta) =>
        Write(completion, "chat.completion.chunk", writer =>
        {
            WriteChoice(writer, "delta", completion, piece, finishReason, () => delta(writer));
            if (includeUsage)
            {
                writer.WriteNull("usage");
            }

            WriteEcho(writer, completion);
        });

    private static byte[] Write(Completion completion, string kind, Action<Utf8JsonWriter> rest)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("id", completion.Id);
            writer.WriteString("object", kind);
            writer.WriteNumber("created", completion.Created);
            writer.WriteString("model", completion.Model.Name);
            writer.WriteString("system_fingerprint", "fp_sim");
            rest(writer);
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteChoice(Utf8JsonWriter writer, string part, Completion completion, string text, string? finishReason, Action content)
    {
        writer.WriteStartArray("choices");
        writer.WriteStartObject();
        writer.WriteNumber("index", 0);
        writer.WriteStartObject(part);
        content();
        writer.WriteEndObject();
        WriteProbabilities(writer, completion, text);
        writer.WriteString("finish_reason", finishReason);
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteProbabilities(Utf8JsonWriter writer, Completion completion, string text)
    {
        if (completion.LogProbability is not { } logarithm || text.Length == 0)
        {
            writer.WriteNull("logprobs");
            return;
        }

        writer.WriteStartObject("logprobs");
        writer.WriteStartArray("content");
        foreach (var token in TokenCounter.Split(text, 1))
        {
            writer.WriteStartObject();
            writer.WriteString("token", token);
            writer.WriteNumber("logprob", logarithm);
            writer.WriteNull("bytes");
            writer.WriteStartArray("top_logprobs");
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteNull("refusal");
        writer.WriteEndObject();
    }

    private static void WriteToolCall(Utf8JsonWriter writer, Completion completion, string arguments, int? index)
    {
        writer.WriteStartArray("tool_calls");
        writer.WriteStartObject();
        if (index is { } number)
        {
            writer.WriteNumber("index", number);
        }

        writer.WriteString("id", "call_" + completion.Id);
        writer.WriteString("type", "function");
        writer.WriteStartObject("function");
        writer.WriteString("name", completion.ToolName);
        writer.WriteString("arguments", arguments);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteEndArray();
    }

    private static void WriteUsage(Utf8JsonWriter writer, TokenUsage usage)
    {
        writer.WriteStartObject("usage");
        writer.WriteNumber("prompt_tokens", usage.PromptTokens);
        writer.WriteNumber("completion_tokens", usage.CompletionTokens);
        writer.WriteNumber("total_tokens", usage.TotalTokens);
        writer.WriteStartObject("prompt_tokens_details");
        writer.WriteNumber("cached_tokens", usage.CachedTokens);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteEcho(Utf8JsonWriter writer, Completion completion)
    {
        if (completion.Echo.Count == 0)
        {
            return;
        }

        writer.WriteStartObject("echo");
        foreach (var (name, value) in completion.Echo)
        {
            writer.WritePropertyName(name);
            value.WriteTo(writer);
        }

        writer.WriteEndObject();
    }
}
