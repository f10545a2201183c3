using System.Runtime.CompilerServices;
using System.Threading.Channels;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The reading end of an answer that a worker in another process sends. Disposing of it ends the upstream's call.</summary>
internal sealed class RemoteAnswer : IAnswerReader, IAsyncDisposable
{
    /// <summary>Parts that may wait for the client before the worker, and with it the upstream, is held back.</summary>
    private const int Capacity = 32;

    private readonly Channel<AnswerPart> _parts = Channel.CreateBounded<AnswerPart>(new BoundedChannelOptions(Capacity) { SingleReader = true });
    private readonly TaskCompletionSource<AnswerHead> _head = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IGrainFactory _grains;
    private readonly CancellationToken _callerGone;
    private readonly CancellationTokenSource _end;
    private int _disposed;

    /// <param name="grains">The cluster.</param>
    /// <param name="cancellationToken">Ends the call, also after the answer has begun.</param>
    public RemoteAnswer(IGrainFactory grains, CancellationToken cancellationToken)
    {
        _grains = grains;
        _callerGone = cancellationToken;
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Starts the call and waits until the answer has begun.</summary>
    public async Task<ChatResponse> BeginAsync(ChatCall call)
    {
        _ = RunAsync(call, _grains.CreateObjectReference<IAnswerReader>(this));
        var head = await _head.Task.ConfigureAwait(false);
        var headers = head.HeaderNames.Zip(head.HeaderValues, KeyValuePair.Create).ToList();
        return new ChatResponse(head.Status, head.ContentType, headers, ReadAsync(CancellationToken.None), this);
    }

    /// <inheritdoc/>
    public Task<bool> BegunAsync(AnswerHead head) => Task.FromResult(_head.TrySetResult(head));

    /// <inheritdoc/>
    public async Task<bool> PartAsync(AnswerPart part)
    {
        try
        {
            await _parts.Writer.WriteAsync(part, _end.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception error) when (error is OperationCanceledException or ChannelClosedException or ObjectDisposedException)
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _end.CancelAsync().ConfigureAwait(false);
        }
    }

    /// <summary>Lasts as long as the worker's call. Its outcome goes to whoever waits for the head, or else ends the parts.</summary>
    private async Task RunAsync(ChatCall call, IAnswerReader self)
    {
        Exception? failure = null;
        try
        {
            await _grains.GetGrain<IProviderCallWorkerGrain>(Random.Shared.Next(Environment.ProcessorCount)).SendAsync(call, self, _end.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException error)
        {
            failure = _callerGone.IsCancellationRequested ? new OperationCanceledException(error.Message, error, _callerGone) : error;
        }
        catch (Exception error)
        {
            failure = error;
        }

        if (failure is not null && ClusterFailures.IsClusterFailure(failure))
        {
            failure = _head.Task.IsCompleted ? ClusterFailures.AfterBeginning(failure) : ClusterFailures.BeforeAnswer(failure);
        }

        _head.TrySetException(failure ?? new ChatProviderException(ChatFailure.BadAnswer, "The call ended without an answer."));

        // Where an answer had begun, nobody looks at the head's task again.
        _ = _head.Task.Exception;
        _parts.Writer.TryComplete(failure);
        _grains.DeleteObjectReference<IAnswerReader>(self);
        GC.KeepAlive(this);
    }

    private async IAsyncEnumerable<ChatPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await WaitAsync(cancellationToken).ConfigureAwait(false))
        {
            while (_parts.Reader.TryRead(out var part))
            {
                yield return part.ToChatPart();
            }
        }
    }

    private async ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _callerGone);
        return await _parts.Reader.WaitToReadAsync(either.Token).ConfigureAwait(false);
    }
}
