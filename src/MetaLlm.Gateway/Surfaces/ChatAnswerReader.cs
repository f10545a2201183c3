using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Reads what a chat completion says, whole or chunk by chunk, in the order in which other formats want it: reasoning, text, refusal, calls of tools, the end.</summary>
/// <remarks>Gateways ask for one choice; only the first is read. One answer at a time.</remarks>
internal abstract class ChatAnswerReader
{
    private long _textBytes;

    /// <summary>Tokens as the model counted them; null until it did.</summary>
    public ChatUsage? Usage { get; private set; }

    /// <summary>Why the answer ended; null until it did.</summary>
    public string? FinishReason { get; private set; }

    /// <summary>The stop sequence that ended it, where the model says so.</summary>
    public string? StopSequence { get; private set; }

    /// <summary>Whose format the block of reasoning has that is being read; null where the model does not say.</summary>
    protected string? Format { get; private set; }

    /// <summary>Length of what was generated, bytes, for answers of which nobody counted the tokens.</summary>
    public long TextBytes => _textBytes;

    /// <summary>Reads an answer or a chunk.</summary>
    /// <exception cref="ChatProviderException">It is no JSON object, or holds an escape that is no character.</exception>
    public void Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            ReadRoot(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The answer holds what is no chat completion.", e);
        }
    }

    /// <summary>Reasoning in the open.</summary>
    /// <param name="text">A text, or a piece of one.</param>
    /// <param name="isSummary">Whether it is a summary of what was thought.</param>
    protected abstract void OnReasoning(JsonElement text, bool isSummary);

    /// <summary>The signature of the reasoning that came before.</summary>
    protected abstract void OnSignature(JsonElement signature);

    /// <summary>Reasoning that only its model can read.</summary>
    /// <param name="data">The data, a text.</param>
    /// <param name="id">The model's id of it; null without one.</param>
    protected abstract void OnEncrypted(JsonElement data, string? id);

    /// <summary>Text of the answer.</summary>
    protected abstract void OnText(JsonElement text);

    /// <summary>Text of a refusal.</summary>
    protected abstract void OnRefusal(JsonElement text);

    /// <summary>A call of a tool, or a piece of one.</summary>
    /// <param name="index">Which call.</param>
    /// <param name="id">Its id; null where the piece does not say.</param>
    /// <param name="name">The tool; null where the piece does not say.</param>
    /// <param name="arguments">A text, or a piece of one; null for none.</param>
    protected abstract void OnToolCall(int index, string? id, string? name, JsonElement? arguments);

    private void ReadRoot(JsonElement root)
    {
        if (Filled(root, "usage") is { } usage)
        {
            Usage = ChatUsage.Read(usage) ?? Usage;
        }

        if (Filled(root, "choices") is not { ValueKind: JsonValueKind.Array } choices || choices.GetArrayLength() == 0)
        {
            return;
        }

        var choice = choices[0];
        if ((Filled(choice, "delta") ?? Filled(choice, "message")) is { ValueKind: JsonValueKind.Object } message)
        {
            ReadReasoning(message);
            ReadContent(message);
            ReadCalls(message);
        }

        if (Filled(choice, "usage") is { } counted)
        {
            Usage = ChatUsage.Read(counted) ?? Usage;
        }

        FinishReason = Text(choice, "finish_reason") is { } reason ? reason.GetString() : FinishReason;
        StopSequence = Text(choice, "stop_reason") is { } stop ? stop.GetString() : StopSequence;
    }

    /// <summary>Some providers say the same under several names; the one that says most is read.</summary>
    private void ReadReasoning(JsonElement message)
    {
        if (Filled(message, "reasoning_details") is { ValueKind: JsonValueKind.Array } details && details.GetArrayLength() > 0)
        {
            foreach (var detail in details.EnumerateArray())
            {
                ReadDetail(detail);
            }
        }
        else if ((Text(message, "reasoning_content") ?? Text(message, "reasoning")) is { } text)
        {
            Generated(text);
            OnReasoning(text, isSummary: false);
        }
    }

    private void ReadDetail(JsonElement detail)
    {
        Format = Text(detail, "format")?.GetString();
        if ((Text(detail, "text") ?? Text(detail, "summary")) is { } text)
        {
            Generated(text);
            OnReasoning(text, Text(detail, "type") is { } type && type.ValueEquals(ReasoningDetails.Summary));
        }

        if (Text(detail, "signature") is { } signature)
        {
            OnSignature(signature);
        }

        if (Text(detail, "data") is { } data)
        {
            OnEncrypted(data, Text(detail, "id")?.GetString());
        }
    }

    private void ReadContent(JsonElement message)
    {
        if (Text(message, "content") is { } content)
        {
            Generated(content);
            OnText(content);
        }
        else if (Filled(message, "content") is { ValueKind: JsonValueKind.Array } parts)
        {
            foreach (var part in parts.EnumerateArray())
            {
                ReadPart(part);
            }
        }

        if (Text(message, "refusal") is { } refusal)
        {
            Generated(refusal);
            OnRefusal(refusal);
        }
    }

    private void ReadPart(JsonElement part)
    {
        if (Text(part, "text") is { } text)
        {
            Generated(text);
            OnText(text);
        }
        else if (Filled(part, "thinking") is { ValueKind: JsonValueKind.Array } thoughts)
        {
            foreach (var thought in thoughts.EnumerateArray())
            {
                if (Text(thought, "text") is { } said)
                {
                    Generated(said);
                    OnReasoning(said, isSummary: false);
                }
            }
        }
    }

    private void ReadCalls(JsonElement message)
    {
        if (Filled(message, "tool_calls") is not { ValueKind: JsonValueKind.Array } calls)
        {
            return;
        }

        var position = 0;
        foreach (var call in calls.EnumerateArray())
        {
            var function = Filled(call, "function");
            var arguments = function is { } called ? Text(called, "arguments") : null;
            var index = Filled(call, "index") is { ValueKind: JsonValueKind.Number } said && said.TryGetInt32(out var number) ? number : position;
            Generated(arguments);
            OnToolCall(index, Text(call, "id")?.GetString(), function is { } named ? Text(named, "name")?.GetString() : null, arguments);
            position++;
        }
    }

    private void Generated(JsonElement? text) => _textBytes += text is { } some ? System.Runtime.InteropServices.JsonMarshal.GetRawUtf8Value(some).Length - 2 : 0;

    private static JsonElement? Filled(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static JsonElement? Text(JsonElement owner, string name) =>
        Filled(owner, name) is { ValueKind: JsonValueKind.String } text && !text.ValueEquals(""u8) ? text : null;
}
