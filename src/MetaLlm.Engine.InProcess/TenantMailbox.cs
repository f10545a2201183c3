using System.Threading.Channels;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.InProcess;

/// <summary>One active tenant: a queue of calls and the one task that runs them, one at a time, in order.</summary>
internal sealed partial class TenantMailbox
{
    private readonly Channel<MailboxCall> _calls;
    private readonly TenantRuntime _runtime;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _lastUsed;
    private int _wakeQueued;

    public TenantMailbox(TenantRuntime runtime, int capacity, TimeProvider time, ILogger logger)
    {
        _runtime = runtime;
        _time = time;
        _logger = logger;
        _lastUsed = time.GetTimestamp();
        _calls = Channel.CreateBounded<MailboxCall>(new BoundedChannelOptions(capacity) { SingleReader = true });
        Completion = Task.Run(RunAsync);
    }

    /// <summary>Completes when the mailbox is closed, its last call has run, and the state is saved and given up.</summary>
    public Task Completion { get; }

    public TimeSpan IdleFor => _time.GetElapsedTime(Volatile.Read(ref _lastUsed));

    /// <summary>Queues a call; waits while the mailbox is full.</summary>
    /// <returns>False when the mailbox is closed: the tenant is to be looked up again.</returns>
    public async ValueTask<bool> TryPostAsync(MailboxCall call, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _lastUsed, _time.GetTimestamp());
        while (!_calls.Writer.TryWrite(call))
        {
            if (!await _calls.Writer.WaitToWriteAsync(cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Hands over events that are durable.</summary>
    public void Deliver(IReadOnlyList<TenantEvent> recorded)
    {
        foreach (var one in recorded)
        {
            _runtime.Deliver(one);
        }

        Wake();
    }

    /// <summary>Charges calls that nobody settled; runs beside the calls of the mailbox.</summary>
    public async ValueTask SweepAsync(CancellationToken cancellationToken)
    {
        if (await _runtime.SweepAsync(cancellationToken).ConfigureAwait(false) > 0)
        {
            Wake();
        }
    }

    /// <summary>Takes no more calls; those that wait are still run.</summary>
    public void Close() => _calls.Writer.TryComplete();

    /// <summary>Makes the owner fold in what was delivered, also when no other call comes.</summary>
    private void Wake()
    {
        // One wake in the queue serves all deliveries up to its turn; and where the queue is full, the next call does the same.
        if (Interlocked.Exchange(ref _wakeQueued, 1) == 0 && !_calls.Writer.TryWrite(new MailboxCall<bool>(FoldAsync, CancellationToken.None)))
        {
            Volatile.Write(ref _wakeQueued, 0);
        }
    }

    private async ValueTask<bool> FoldAsync(TenantRuntime runtime, CancellationToken cancellationToken)
    {
        Volatile.Write(ref _wakeQueued, 0);
        try
        {
            await runtime.ActivateAsync(cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (Exception error)
        {
            // Nobody waits for a wake. The next call meets the same error and reports it to its caller.
            LogWakeFailed(error, runtime.Tenant);
            return false;
        }
    }

    private async Task RunAsync()
    {
        await foreach (var call in _calls.Reader.ReadAllAsync().ConfigureAwait(false))
        {
            await call.RunAsync(_runtime).ConfigureAwait(false);
        }

        try
        {
            await _runtime.DeactivateAsync(CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            LogNotDeactivated(error, _runtime.Tenant);
        }
    }

    [LoggerMessage(2101, LogLevel.Warning, "Events of tenant {Tenant} could not be folded in yet; the next call tries again.")]
    private partial void LogWakeFailed(Exception error, string tenant);

    [LoggerMessage(2102, LogLevel.Warning, "Tenant {Tenant} left memory without a last snapshot; its journal is complete.")]
    private partial void LogNotDeactivated(Exception error, string tenant);
}
