using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Postgres;

/// <summary>A write that waits for its commit.</summary>
/// <param name="tenant">The tenant that it is about.</param>
/// <param name="lookups">Decisions that it is about.</param>
/// <param name="cancellationToken">Withdraws the write until it starts.</param>
internal abstract class WriteRequest(string tenant, IReadOnlyList<DecisionLookup> lookups, CancellationToken cancellationToken)
{
    /// <summary>The tenant that it is about.</summary>
    public string Tenant { get; } = tenant;

    /// <summary>Decisions that it is about, to be read under the tenant's lock before it runs.</summary>
    public IReadOnlyList<DecisionLookup> Lookups { get; } = lookups;

    /// <summary>Timestamp of when the write was first held back, because another process holds the tenant.</summary>
    public long? HeldSince { get; set; }

    /// <summary>Withdraws the write until it starts.</summary>
    protected CancellationToken CancellationToken { get; } = cancellationToken;

    /// <summary>Takes the write out of the queue, if its caller has given up.</summary>
    /// <returns>Whether the caller has.</returns>
    public abstract bool TryWithdraw();

    /// <summary>Writes into a transaction. A refusal is kept for the caller; an exception spoils the transaction.</summary>
    public abstract void Execute(JournalTransaction transaction);

    /// <summary>Reports the outcome to the caller, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Reports that the write failed.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A write with a result.</summary>
/// <typeparam name="T">Type of the result.</typeparam>
/// <param name="tenant">The tenant that it is about.</param>
/// <param name="lookups">Decisions that it is about.</param>
/// <param name="write">The write; it may run more than once, and refuses by <see cref="FencedException"/> before it changes anything.</param>
/// <param name="cancellationToken">Withdraws the write until it starts.</param>
internal sealed class WriteRequest<T>(
    string tenant, IReadOnlyList<DecisionLookup> lookups, Func<JournalTransaction, T> write, CancellationToken cancellationToken)
    : WriteRequest(tenant, lookups, cancellationToken)
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private FencedException? _refusal;

    public Task<T> Completion => _completion.Task;

    public override bool TryWithdraw() =>
        CancellationToken.IsCancellationRequested && _completion.TrySetCanceled(CancellationToken);

    public override void Execute(JournalTransaction transaction)
    {
        // A transaction that fails may be run again: only the last run counts.
        _refusal = null;
        try
        {
            _result = write(transaction);
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
