using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Usage;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.ChatClients;

/// <summary>Makes chunks of a client's updates.</summary>
/// <param name="updates">The updates; enumerated once.</param>
/// <param name="client">The client's name.</param>
/// <param name="judge">Takes in counts as they come.</param>
/// <param name="created">When the answer was made.</param>
/// <param name="ending">Ends the answer.</param>
internal sealed class ChatClientEvents(
    IAsyncEnumerable<ChatResponseUpdate> updates, string client, UsageJudge judge, DateTimeOffset created, CancellationToken ending) : ChatEventSource(created)
{
    private readonly IAsyncEnumerator<ChatResponseUpdate> _updates = updates.GetAsyncEnumerator(ending);
    private readonly UsageDetails _usage = new();
    private ChatFinishReason? _finish;
    private int _calls;
    private bool _hasUsage;
    private bool _hasFailed;

    /// <inheritdoc/>
    public override async ValueTask DisposeAsync()
    {
        await _updates.DisposeAsync().ConfigureAwait(false);
        await base.DisposeAsync().ConfigureAwait(false);
    }

    /// <inheritdoc/>
    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!await _updates.MoveNextAsync().ConfigureAwait(false))
            {
                return false;
            }

            Add(_updates.Current);
            return true;
        }
        catch (Exception e) when (ChatClientFailures.IsOfClient(e))
        {
            // As an error within the answer, which means one thing before content and another after.
            Emit(Chat.Error(json => json.WriteNumber("code", ChatClientFailures.Status(e) ?? 500)).Span);
            _hasFailed = true;
            return false;
        }
    }

    /// <inheritdoc/>
    protected override void End()
    {
        if (_hasFailed)
        {
            return;
        }

        Emit(Chat.Chunk(_ => { }, json => json.WriteString("finish_reason", _finish?.Value ?? (_calls > 0 ? "tool_calls" : "stop"))).Span);
        if (_hasUsage)
        {
            Emit(Chat.UsageChunk(json => ChatClientAnswer.WriteUsage(json, _usage)).Span);
        }

        Emit("[DONE]"u8);
    }

    private void Add(ChatResponseUpdate update)
    {
        _finish = update.FinishReason ?? _finish;
        foreach (var content in update.Contents)
        {
            switch (content)
            {
                case TextContent { Text.Length: > 0 } text:
                    Emit(Chat.Chunk(json => json.WriteString("content", text.Text)).Span);
                    break;
                case TextReasoningContent reasoning:
                    Emit(Chat.Chunk(json =>
                    {
                        json.WriteString("reasoning_content", reasoning.Text);
                        ChatClientAnswer.WriteDetails(json, [reasoning], client);
                    }).Span);
                    break;
                case FunctionCallContent { InformationalOnly: false } call:
                    Emit(Chat.Chunk(json => ChatClientAnswer.WriteCalls(json, [call], _calls)).Span);
                    _calls++;
                    break;
                case UsageContent { Details: { } details }:
                    _usage.Add(details);
                    _hasUsage = true;
                    judge.Saw(default, ChatClientAnswer.ToCounts(_usage));
                    break;
                case ErrorContent error:
                    Emit(Chat.Error(json => ChatClientAnswer.WriteError(json, error)).Span);
                    break;
            }
        }

        if (IsSilent)
        {
            EmitComment();
        }
    }
}
