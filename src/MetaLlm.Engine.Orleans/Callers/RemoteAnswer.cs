using System.Runtime.CompilerServices;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>The reading end of a call that a worker in another process makes. Disposing of it ends the upstream's call.</summary>
internal sealed class RemoteAnswer : IAsyncDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationToken _callerGone;
    private readonly CancellationTokenRegistration _registration;
    private readonly IRemoteCallGrain _worker;
    private readonly IAsyncEnumerator<AnswerPart> _parts;
    private Task<bool>? _pending;
    private Exception? _lost;
    private bool _begun;
    private int _disposed;

    private RemoteAnswer(IRemoteCallGrain worker, ChatCall call, CancellationToken cancellationToken)
    {
        _callerGone = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static end => ((CancellationTokenSource)end!).Cancel(), _end);
        _worker = worker;
        _parts = worker.AnswerAsync(call, _end.Token).GetAsyncEnumerator(_end.Token);
    }

    /// <summary>Starts a call and waits until its answer has begun.</summary>
    /// <param name="worker">A worker that has no other call.</param>
    /// <param name="call">The call.</param>
    /// <param name="cancellationToken">Ends the call, also after the answer has begun.</param>
    /// <exception cref="ChatProviderException">The arm failed before the answer began, or the worker's silo did.</exception>
    public static async Task<ChatResponse> BeginAsync(IRemoteCallGrain worker, ChatCall call, CancellationToken cancellationToken)
    {
        var answer = new RemoteAnswer(worker, call, cancellationToken);
        try
        {
            _ = answer.WatchAsync();
            if ((await answer.NextAsync(CancellationToken.None).ConfigureAwait(false))?.Head is not { } head)
            {
                throw new ChatProviderException(ChatFailure.BadAnswer, "The call ended without an answer.");
            }

            answer._begun = true;
            var headers = head.HeaderNames.Zip(head.HeaderValues, KeyValuePair.Create).ToList();
            return new ChatResponse(head.Status, head.ContentType, headers, answer.ReadAsync(CancellationToken.None), answer) { IsNative = head.IsNative };
        }
        catch
        {
            await answer.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _end.CancelAsync().ConfigureAwait(false);

            // Nobody waits for it: a silo that is gone would hold up whoever lets go of its answer.
            _ = LetGoAsync();
        }
    }

    private async IAsyncEnumerable<ChatPart> ReadAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        while (await NextAsync(cancellationToken).ConfigureAwait(false) is { } part)
        {
            yield return part.ToChatPart();
        }
    }

    private async ValueTask<AnswerPart?> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var next = _parts.MoveNextAsync();
            if (next.IsCompletedSuccessfully ? next.Result : await WaitAsync(next.AsTask(), cancellationToken).ConfigureAwait(false))
            {
                return _parts.Current;
            }

            await _end.CancelAsync().ConfigureAwait(false);
            return null;
        }
        catch (Exception error) when (error is OperationCanceledException || ClusterFailures.IsClusterFailure(error))
        {
            _callerGone.ThrowIfCancellationRequested();
            cancellationToken.ThrowIfCancellationRequested();
            throw _begun ? ClusterFailures.AfterBeginning(_lost ?? error) : ClusterFailures.BeforeAnswer(_lost ?? error);
        }
    }

    // The enumerator itself, when cancelled, waits for the silo to say so.
    private Task<bool> WaitAsync(Task<bool> next, CancellationToken cancellationToken)
    {
        _pending = next;
        return next.WaitAsync(_end.Token).WaitAsync(cancellationToken);
    }

    /// <summary>Says to the worker that the caller is there, for as long as it is, and ends the call when the worker is not.</summary>
    private async Task WatchAsync()
    {
        using var beats = new PeriodicTimer(IRemoteCallGrain.Beat);
        try
        {
            do
            {
                await beats.WaitForNextTickAsync(_end.Token).ConfigureAwait(false);
            }
            while (await _worker.HoldAsync().ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
            return;
        }
        catch (Exception error)
        {
            _lost = error;
        }

        await _end.CancelAsync().ConfigureAwait(false);
    }

    private async Task LetGoAsync()
    {
        if (_pending is { } pending)
        {
            await ((Task)pending).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await _parts.DisposeAsync().ConfigureAwait(false);
        await _registration.DisposeAsync().ConfigureAwait(false);
    }
}
