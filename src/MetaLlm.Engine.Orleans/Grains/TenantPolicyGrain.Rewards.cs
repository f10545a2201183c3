using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Ports;
using Orleans.Streams.Core;
using Orleans.Streams;

namespace MetaLlm.Engine.Orleans.Grains;

internal sealed partial class TenantPolicyGrain : IStreamSubscriptionObserver, IAsyncObserver<RecordedRewards>
{
    private bool _foldWaits;

    /// <summary>The subscription is implicit; the handler is attached when its first item arrives.</summary>
    public async Task OnSubscribed(IStreamSubscriptionHandleFactory handleFactory) =>
        await handleFactory.Create<RecordedRewards>().ResumeAsync(this);

    /// <summary>Folds recorded feedback in. Items may be late, doubled, out of order or lost: the runtime folds only what comes next.</summary>
    public async Task OnNextAsync(RecordedRewards item, StreamSequenceToken? token = null)
    {
        Used();
        foreach (var recorded in item.Events)
        {
            _runtime.Deliver(recorded);
        }

        _runtime.DeliverUpTo(item.UpTo);
        await FoldAsync();
    }

    /// <summary>Trouble of the stream is no trouble of the tenant: the journal has what it fails to bring.</summary>
    public Task OnErrorAsync(Exception ex)
    {
        LogStreamFailed(ex, Tenant);
        return Task.CompletedTask;
    }

    private async Task FoldAsync()
    {
        // One fold that waits for its turn serves everything that is delivered until it gets it.
        if (_foldWaits)
        {
            return;
        }

        _foldWaits = true;
        try
        {
            using var turn = await _turns.EnterAsync(CancellationToken.None);
            _foldWaits = false;
            await _runtime.ActivateAsync(CancellationToken.None);
        }
        catch (TenantRebuildingException)
        {
            // The rebuild comes to these events too, or the next call does.
        }
        catch (Exception error)
        {
            // Nobody waits for this. The next call meets the same error and reports it to its caller.
            LogFoldFailed(error, Tenant);
        }
    }
}
