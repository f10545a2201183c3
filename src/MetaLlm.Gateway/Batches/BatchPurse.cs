namespace MetaLlm.Gateway.Batches;

/// <summary>A batch's money: what calls can cost at most is set aside before they are made, and what they have cost takes its place. Safe for concurrent use.</summary>
/// <param name="budgetUsd">Most that the batch may spend, USD; infinite without a limit.</param>
/// <param name="spentUsd">USD that it has spent already.</param>
internal sealed class BatchPurse(double budgetUsd, double spentUsd)
{
    private readonly Lock _gate = new();
    private TaskCompletionSource _released = NewRelease();
    private double _spentUsd = spentUsd;
    private double _heldUsd;
    private int _held;

    /// <summary>USD spent so far.</summary>
    public double SpentUsd
    {
        get
        {
            lock (_gate)
            {
                return _spentUsd;
            }
        }
    }

    /// <summary>USD that are neither spent nor set aside.</summary>
    public double LeftUsd
    {
        get
        {
            lock (_gate)
            {
                return budgetUsd - _spentUsd - _heldUsd;
            }
        }
    }

    /// <summary>Sets an amount aside, as soon as calls that run leave room for it.</summary>
    /// <returns>Whether there is room; false only once no other call runs.</returns>
    public async Task<bool> TryHoldAsync(double usd, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task released;
            lock (_gate)
            {
                if (_spentUsd + _heldUsd + usd <= budgetUsd)
                {
                    _heldUsd += usd;
                    _held++;
                    return true;
                }

                if (_held == 0)
                {
                    return false;
                }

                released = _released.Task;
            }

            await released.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes what a call has cost in place of what was set aside for it.</summary>
    /// <param name="heldUsd">What was set aside.</param>
    /// <param name="costUsd">What it has cost.</param>
    public void Settle(double heldUsd, double costUsd)
    {
        TaskCompletionSource released;
        lock (_gate)
        {
            _spentUsd += costUsd;
            _held--;
            _heldUsd = _held == 0 ? 0 : _heldUsd - heldUsd;
            (released, _released) = (_released, NewRelease());
        }

        released.SetResult();
    }

    private static TaskCompletionSource NewRelease() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
