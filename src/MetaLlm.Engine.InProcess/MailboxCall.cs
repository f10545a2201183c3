using MetaLlm.Engine.Tenants;

namespace MetaLlm.Engine.InProcess;

/// <summary>A call that waits in a tenant's mailbox.</summary>
internal abstract class MailboxCall
{
    /// <summary>Runs the call, unless its caller has given up waiting; errors go to the caller.</summary>
    public abstract ValueTask RunAsync(TenantRuntime runtime);
}

/// <summary>A call with a result.</summary>
/// <typeparam name="T">Type of the result.</typeparam>
internal sealed class MailboxCall<T> : MailboxCall
{
    private const int Waiting = 0;
    private const int Running = 1;
    private const int Withdrawn = 2;

    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Func<TenantRuntime, CancellationToken, ValueTask<T>> _call;
    private readonly CancellationToken _cancellationToken;
    private readonly CancellationTokenRegistration _registration;
    private int _phase;

    /// <param name="call">What to do with the runtime.</param>
    /// <param name="cancellationToken">Withdraws the call at once while it waits; once it runs, it is handed to it.</param>
    public MailboxCall(Func<TenantRuntime, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        _call = call;
        _cancellationToken = cancellationToken;
        _registration = cancellationToken.UnsafeRegister(static self => ((MailboxCall<T>)self!).Withdraw(), this);
    }

    public Task<T> Completion => _completion.Task;

    public override async ValueTask RunAsync(TenantRuntime runtime)
    {
        if (Interlocked.CompareExchange(ref _phase, Running, Waiting) != Waiting)
        {
            return;
        }

        await _registration.DisposeAsync().ConfigureAwait(false);
        try
        {
            _completion.SetResult(await _call(runtime, _cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException canceled) when (canceled.CancellationToken == _cancellationToken)
        {
            _completion.SetCanceled(_cancellationToken);
        }
        catch (Exception error)
        {
            _completion.SetException(error);
        }
    }

    private void Withdraw()
    {
        if (Interlocked.CompareExchange(ref _phase, Withdrawn, Waiting) == Waiting)
        {
            _completion.SetCanceled(_cancellationToken);
        }
    }
}
