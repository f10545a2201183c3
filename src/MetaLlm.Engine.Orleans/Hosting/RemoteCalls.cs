using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>Calls of models that the silo makes for gateways without one: they end before it stops. Safe for concurrent use.</summary>
internal sealed class RemoteCalls : IDrain
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _running;
    private bool _draining;

    /// <summary>Begins a call.</summary>
    /// <returns>False when the silo is about to stop.</returns>
    public bool TryBegin()
    {
        lock (_gate)
        {
            _running += _draining ? 0 : 1;
            return !_draining;
        }
    }

    /// <summary>A call that had begun has ended.</summary>
    public void End()
    {
        lock (_gate)
        {
            _running--;
            EndIfIdle();
        }
    }

    /// <inheritdoc/>
    public Task DrainAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _draining = true;
            EndIfIdle();
        }

        return _ended.Task.WaitAsync(cancellationToken);
    }

    private void EndIfIdle()
    {
        if (_draining && _running == 0)
        {
            _ended.TrySetResult();
        }
    }
}
