using System.Globalization;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Makes blocks of what a chat completion says: each ends before the next one begins.</summary>
internal sealed class MessagesAnswerReader(IMessagesBlocks blocks, IReadOnlyCollection<string> stopSequences) : ChatAnswerReader
{
    private readonly HashSet<int> _calls = [];
    private MessagesBlock _open;
    private int _call;
    private bool _refused;

    /// <summary>Why the answer ended, in Anthropic's words.</summary>
    public string StopReason => _refused ? "refusal" : FinishReason switch
    {
        "length" => "max_tokens",
        "content_filter" => "refusal",
        _ when _calls.Count > 0 => "tool_use",
        _ when StoppedAt is not null => "stop_sequence",
        _ => "end_turn",
    };

    /// <summary>The client's stop sequence that ended it; null where none did, or the model does not say.</summary>
    public string? StoppedAt => StopSequence is { } said && stopSequences.Contains(said) ? said : null;

    /// <summary>Ends what is open.</summary>
    public void End()
    {
        if (_open != MessagesBlock.None)
        {
            blocks.End(_open);
            _open = MessagesBlock.None;
        }
    }

    protected override void OnReasoning(JsonElement text, bool isSummary)
    {
        Open(MessagesBlock.Thinking);
        blocks.Add(MessagesBlock.Thinking, text);
    }

    protected override void OnSignature(JsonElement signature)
    {
        // What is thought after a signature is another block.
        Open(MessagesBlock.Thinking);
        blocks.Sign(signature);
        End();
    }

    protected override void OnEncrypted(JsonElement data, string? id)
    {
        End();
        blocks.Redacted(data);
    }

    protected override void OnText(JsonElement text)
    {
        Open(MessagesBlock.Text);
        blocks.Add(MessagesBlock.Text, text);
    }

    protected override void OnRefusal(JsonElement text)
    {
        _refused = true;
        OnText(text);
    }

    protected override void OnToolCall(int index, string? id, string? name, JsonElement? arguments)
    {
        if (_calls.Add(index))
        {
            End();
            blocks.BeginTool(id ?? string.Create(CultureInfo.InvariantCulture, $"call_{index}"), name ?? string.Empty);
            (_open, _call) = (MessagesBlock.Tool, index);
        }
        else if (_open != MessagesBlock.Tool || _call != index)
        {
            throw new ChatProviderException(ChatFailure.BadAnswer, "The model goes on with a call of a tool after it began something else, which has no form in this format.");
        }

        if (arguments is { } piece)
        {
            blocks.Add(MessagesBlock.Tool, piece);
        }
    }

    private void Open(MessagesBlock kind)
    {
        if (_open != kind)
        {
            End();
            blocks.Begin(kind);
            _open = kind;
        }
    }
}
