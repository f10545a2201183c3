using System.Text;
using System.Text.Json;
using MetaLlm.Gateway.Surfaces;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>Reads chat completions, whole or chunk by chunk, as contents. Calls of functions are handed out when they are complete. One answer at a time.</summary>
internal sealed class ContentReader : ChatAnswerReader
{
    private const string Refusal = "Refusal";

    private readonly SortedDictionary<int, Call> _calls = [];
    private List<AIContent> _contents = [];

    /// <summary>Takes what was read since the last time, but for calls of functions.</summary>
    public List<AIContent> Take()
    {
        var taken = _contents;
        _contents = [];
        return taken;
    }

    /// <summary>Takes the calls of functions, once all was read.</summary>
    public List<AIContent> TakeCalls()
    {
        var calls = _calls.Values.Select(call => (AIContent)FunctionCallContent.CreateFromParsedArguments(call.Arguments.ToString(), call.Id, call.Name, Parse)).ToList();
        _calls.Clear();
        return calls;
    }

    /// <summary>Tokens as the model counted them; null where it did not.</summary>
    public UsageDetails? ToUsage() => Usage is not { } counted ? null : new UsageDetails
    {
        InputTokenCount = counted.Prompt,
        OutputTokenCount = counted.Completion,
        TotalTokenCount = counted.Prompt + counted.Completion,
        CachedInputTokenCount = counted.Cached,
        ReasoningTokenCount = counted.Reasoning,
    };

    /// <summary>Why the answer ended; null where the model did not say.</summary>
    public ChatFinishReason? ToFinishReason() => string.IsNullOrWhiteSpace(FinishReason) ? null : new ChatFinishReason(FinishReason);

    protected override void OnReasoning(JsonElement text, bool isSummary)
    {
        if (_contents.LastOrDefault() is TextReasoningContent { ProtectedData: null } before)
        {
            before.Text += text.GetString();
        }
        else
        {
            _contents.Add(new TextReasoningContent(text.GetString()));
        }
    }

    protected override void OnSignature(JsonElement signature) => Protect(ReasoningBlob.Signed(signature.GetString(), Format));

    protected override void OnEncrypted(JsonElement data, string? id) => Protect(ReasoningBlob.Encrypted(data.GetString(), Format, id));

    protected override void OnText(JsonElement text)
    {
        if (text.GetString() is { Length: > 0 } said)
        {
            _contents.Add(new TextContent(said));
        }
    }

    protected override void OnRefusal(JsonElement text) => _contents.Add(new ErrorContent(text.GetString()) { ErrorCode = Refusal });

    protected override void OnToolCall(int index, string? id, string? name, JsonElement? arguments)
    {
        if (!_calls.TryGetValue(index, out var call))
        {
            _calls[index] = call = new Call();
        }

        call.Id = id ?? call.Id;
        call.Name = name ?? call.Name;
        call.Arguments.Append(arguments?.GetString());
    }

    /// <summary>What protects reasoning belongs to the text before it, as it does when updates are put together.</summary>
    private void Protect(string data)
    {
        if (_contents.LastOrDefault() is TextReasoningContent { ProtectedData: null } text)
        {
            text.ProtectedData = data;
        }
        else
        {
            _contents.Add(new TextReasoningContent(null) { ProtectedData = data });
        }
    }

    private static IDictionary<string, object?>? Parse(string json) =>
        string.IsNullOrWhiteSpace(json) ? null : JsonSerializer.Deserialize<Dictionary<string, object?>>(json, AIJsonUtilities.DefaultOptions);

    private sealed class Call
    {
        public string Id { get; set; } = string.Empty;

        public string Name { get; set; } = string.Empty;

        public StringBuilder Arguments { get; } = new();
    }
}
