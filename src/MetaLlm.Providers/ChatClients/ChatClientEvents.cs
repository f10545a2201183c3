using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Streaming;
using MetaLlm.Providers.Usage;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.ChatClients;

/// <summary>Makes chunks of a client's updates.</summary>
/// <param name="updates">The updates; enumerated once.</param>
/// <param name="client">The client's name.</param>
/// <param name="judge">Takes in counts as they come.</param>
/// <param name="created">When the answer was made.</param>
/// <param name="cancellationToken">Ends the answer.</param>
internal sealed class ChatClientEvents(
    IAsyncEnumerable<ChatResponseUpdate> updates, string client, UsageJudge judge, DateTimeOffset created, CancellationToken cancellationToken) : IEventSource
{
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates = updates.GetAsyncEnumerator(cancellationToken);
    private readonly ChatWriter _chat = new(created);
    private readonly EventQueue _events = new();
    private readonly UsageDetails _usage = new();
    private ChatFinishReason? _finish;
    private int _calls;
    private bool _hasUsage;
    private bool _hasEnded;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        while (_events.IsEmpty)
        {
            if (_hasEnded)
            {
                return null;
            }

            await ReadAsync().ConfigureAwait(false);
        }

        return _events.Take();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync().ConfigureAwait(false);
        await _chat.DisposeAsync().ConfigureAwait(false);
    }

    private async ValueTask ReadAsync()
    {
        try
        {
            if (await _updates.MoveNextAsync().ConfigureAwait(false))
            {
                Add(_updates.Current);
                return;
            }

            End();
        }
        catch (Exception e) when (ChatClientFailures.IsOfClient(e))
        {
            // As an error within the answer, which means one thing before content and another after.
            _events.Add(_chat.Error(json => json.WriteNumber("code", ChatClientFailures.Status(e) ?? 500)).Span);
        }

        _hasEnded = true;
    }

    private void Add(ChatResponseUpdate update)
    {
        _finish = update.FinishReason ?? _finish;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    _events.Add(_chat.Chunk(json => json.WriteString("content", text.Text)).Span);
                    break;
                case TextReasoningContent reasoning:
                    _events.Add(_chat.Chunk(json =>
                    {
                        json.WriteString("reasoning_content", reasoning.Text);
                        ChatClientAnswer.WriteDetails(json, [reasoning], client);
                    }).Span);
                    break;
                case FunctionCallContent { InformationalOnly: false } call:
                    _events.Add(_chat.Chunk(json => ChatClientAnswer.WriteCalls(json, [call], _calls)).Span);
                    _calls++;
                    break;
                case UsageContent { Details: { } details }:
                    _usage.Add(details);
                    _hasUsage = true;
                    judge.Saw(default, ChatClientAnswer.ToCounts(_usage));
                    break;
                case ErrorContent error:
                    _events.Add(_chat.Error(json => ChatClientAnswer.WriteError(json, error)).Span);
                    break;
            }
        }

        if (_events.IsEmpty)
        {
            _events.AddComment();
        }
    }

    private void End()
    {
        _events.Add(_chat.Chunk(_ => { }, json => json.WriteString("finish_reason", _finish?.Value ?? (_calls > 0 ? "tool_calls" : "stop"))).Span);
        if (_hasUsage)
        {
            _events.Add(_chat.UsageChunk(json => ChatClientAnswer.WriteUsage(json, _usage)).Span);
        }

        _events.Add("[DONE]"u8);
    }
}
