using System.Text.Json;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Usage;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.ChatClients;

/// <summary>Writes what clients answer as chat completions.</summary>
internal static class ChatClientAnswer
{
    private static readonly JsonSerializerOptions Compact = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };

    /// <summary>Writes a whole answer; an error that stands in it becomes an error.</summary>
    /// <param name="chat">Writes it.</param>
    /// <param name="answer">The answer.</param>
    /// <param name="client">The client's name.</param>
    /// <returns>Valid until the writer's next use.</returns>
    public static ReadOnlyMemory<byte> Write(CompletionWriter chat, ChatResponse answer, string client)
    {
        var contents = answer.Messages.Where(m => m.Role == ChatRole.Assistant).SelectMany(m => m.Contents).ToList();
        if (contents.OfType<ErrorContent>().FirstOrDefault() is { } error)
        {
            return chat.Error(json => WriteError(json, error));
        }

        var text = string.Concat(contents.OfType<TextContent>().Select(t => t.Text));
        var reasoning = contents.OfType<TextReasoningContent>().ToList();
        var calls = contents.OfType<FunctionCallContent>().Where(c => !c.InformationalOnly).ToList();
        return chat.Answer(
            json =>
            {
                json.WriteString("content", text.Length == 0 ? null : text);
                if (reasoning.Count > 0)
                {
                    json.WriteString("reasoning_content", string.Concat(reasoning.Select(r => r.Text)));
                    WriteDetails(json, reasoning, client);
                }

                if (calls.Count > 0)
                {
                    WriteCalls(json, calls, null);
                }
            },
            json => json.WriteString("finish_reason", answer.FinishReason?.Value ?? (calls.Count > 0 ? "tool_calls" : "stop")),
            answer.Usage is { } usage ? json => WriteUsage(json, usage) : null);
    }

    /// <summary>Writes the members of an error.</summary>
    public static void WriteError(Utf8JsonWriter json, ErrorContent error)
    {
        json.WriteString("message", error.Message);
        json.WriteString("type", "api_error");
        json.WriteString("code", error.ErrorCode);
    }

    /// <summary>Writes reasoning that the client wants back, with what it protects it by.</summary>
    public static void WriteDetails(Utf8JsonWriter json, IReadOnlyList<TextReasoningContent> reasoning, string client)
    {
        json.WriteStartArray("reasoning_details");
        foreach (var piece in reasoning)
        {
            json.WriteStartObject();
            json.WriteString("type", "reasoning.text");
            json.WriteString("text", piece.Text);
            if (piece.ProtectedData is { } data)
            {
                json.WriteString("signature", data);
            }

            json.WriteString("format", ChatClientMessages.ReasoningFormat(client));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes calls of tools.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="calls">The calls.</param>
    /// <param name="first">Number of the first of them in a stream; null outside of one.</param>
    public static void WriteCalls(Utf8JsonWriter json, IReadOnlyList<FunctionCallContent> calls, int? first)
    {
        json.WriteStartArray("tool_calls");
        for (var i = 0; i < calls.Count; i++)
        {
            ToolCalls.Write(json, first + i, calls[i].CallId, calls[i].Name, calls[i].Arguments is { } arguments ? JsonSerializer.Serialize(arguments, Compact) : "{}");
        }

        json.WriteEndArray();
    }

    /// <summary>What a client counted.</summary>
    public static UsageCounts ToCounts(UsageDetails usage) => new(
        usage.InputTokenCount, usage.OutputTokenCount, usage.TotalTokenCount, usage.CachedInputTokenCount, null, usage.ReasoningTokenCount, null, null, null);

    /// <summary>Writes the value of the usage member.</summary>
    public static void WriteUsage(Utf8JsonWriter json, UsageDetails usage)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens", usage.InputTokenCount ?? 0);
        json.WriteNumber("completion_tokens", usage.OutputTokenCount ?? 0);
        json.WriteNumber("total_tokens", usage.TotalTokenCount ?? ((usage.InputTokenCount ?? 0) + (usage.OutputTokenCount ?? 0)));
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", usage.CachedInputTokenCount ?? 0);
        json.WriteEndObject();
        json.WriteStartObject("completion_tokens_details");
        json.WriteNumber("reasoning_tokens", usage.ReasoningTokenCount ?? 0);
        json.WriteEndObject();
        json.WriteEndObject();
    }
}
