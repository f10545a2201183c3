using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Sqlite;

/// <summary>A write that waits for its commit.</summary>
internal abstract class WriteRequest
{
    /// <summary>Writes inside the open transaction. A refusal is kept for the caller; an exception spoils the transaction.</summary>
    public abstract void Execute(WriteSession session);

    /// <summary>Reports the outcome to the caller, after the commit.</summary>
    public abstract void Complete();

    /// <summary>Reports that nothing was written.</summary>
    public abstract void Fail(Exception error);
}

/// <summary>A write with a result.</summary>
/// <typeparam name="T">Type of the result.</typeparam>
/// <param name="write">The write; refuses by <see cref="FencedException"/> before it changes anything.</param>
/// <param name="cancellationToken">Withdraws the write until it starts.</param>
internal sealed class WriteRequest<T>(Func<WriteSession, T> write, CancellationToken cancellationToken) : WriteRequest
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;
    private FencedException? _refusal;
    private bool _withdrawn;

    public Task<T> Completion => _completion.Task;

    public override void Execute(WriteSession session)
    {
        // A batch that is spoiled by another request runs this one again: only the last run counts.
        _refusal = null;
        _withdrawn = cancellationToken.IsCancellationRequested;
        if (_withdrawn)
        {
            return;
        }

        try
        {
            _result = write(session);
        }
        catch (FencedException refusal)
        {
            _refusal = refusal;
        }
    }

    public override void Complete()
    {
        if (_withdrawn)
        {
            _completion.TrySetCanceled(cancellationToken);
        }
        else if (_refusal is not null)
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
