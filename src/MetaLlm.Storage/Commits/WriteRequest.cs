using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Commits;

/// <summary>A write that waits for its commit.</summary>
/// <typeparam name="TContext">What it runs against, inside a transaction.</typeparam>
/// <param name="scope">What it is about, to be loaded before it runs; null for nothing of the journal.</param>
/// <param name="canWait">Whether it may wait some milliseconds to share another one's commit.</param>
internal abstract class WriteRequest<TContext>(JournalScope? scope, bool canWait)
{
    /// <summary>Whether it may wait some milliseconds to share another one's commit.</summary>
    public bool CanWait { get; } = canWait;

    /// <summary>What it is about, to be loaded before it runs; null for nothing of the journal.</summary>
    public JournalScope? Scope { get; } = scope;

    /// <summary>Timestamp of when the write was first held back, because another process holds the tenant.</summary>
    public long? HeldSince { get; set; }

    /// <summary>Takes the write out of the queue, if its caller has given up.</summary>
    /// <returns>Whether the caller has.</returns>
    public abstract bool TryWithdraw();

    /// <summary>Runs inside a transaction. A refusal is kept for the caller; an exception spoils the transaction.</summary>
    public abstract void Execute(TContext context);

    /// <summary>Reports the outcome to the caller, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Reports that the write failed.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A write with a result.</summary>
/// <typeparam name="TContext">What it runs against, inside a transaction.</typeparam>
/// <typeparam name="T">Type of the result.</typeparam>
/// <param name="scope">What it is about; null for nothing of the journal.</param>
/// <param name="write">The write; it may run more than once, and refuses by <see cref="FencedException"/> before it changes anything.</param>
/// <param name="canWait">Whether it may wait some milliseconds to share another one's commit.</param>
/// <param name="cancellationToken">Withdraws the write until it starts.</param>
internal sealed class WriteRequest<TContext, T>(JournalScope? scope, Func<TContext, T> write, bool canWait, CancellationToken cancellationToken)
    : WriteRequest<TContext>(scope, canWait)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private FencedException? _refusal;

    public Task<T> Completion => _completion.Task;

    public override bool TryWithdraw() => cancellationToken.IsCancellationRequested && _completion.TrySetCanceled(cancellationToken);

    public override void Execute(TContext context)
    {
        // A transaction that fails may be run again: only the last run counts.
        _refusal = null;
        try
        {
            _result = write(context);
        }
        catch (FencedException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_refusal is not null)
        {
            _completion.TrySetException(_refusal);
        }
        else
        {
            _completion.TrySetResult(_result);
        }
    }

    public override void Fail(Exception error) => _completion.TrySetException(error);
}
