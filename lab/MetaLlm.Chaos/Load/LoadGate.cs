namespace MetaLlm.Chaos.Load;

/// <summary>Lets clients work, or holds them before their next piece of work until the cluster has been looked at.</summary>
internal sealed class LoadGate
{
    private readonly Lock _changing = new();
    private TaskCompletionSource? _closed;
    private TaskCompletionSource? _empty;
    private int _inside;

    /// <summary>Waits until the gate is open, and goes in.</summary>
    /// <param name="stop">Lets everybody in, since nothing new is begun then.</param>
    /// <returns>What ends the stay.</returns>
    public async Task<IDisposable> EnterAsync(CancellationToken stop)
    {
        while (true)
        {
            Task closed;
            lock (_changing)
            {
                if (_closed is null || stop.IsCancellationRequested)
                {
                    _inside++;
                    return new Stay(this);
                }

                closed = _closed.Task;
            }

            await closed.WaitAsync(stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Lets nobody in any more, and waits until nobody is inside.</summary>
    public Task CloseAsync()
    {
        lock (_changing)
        {
            _closed ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _empty = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_inside == 0)
            {
                _empty.SetResult();
            }

            return _empty.Task;
        }
    }

    /// <summary>Lets everybody in.</summary>
    public void Open()
    {
        lock (_changing)
        {
            _closed?.SetResult();
            _closed = null;
            _empty = null;
        }
    }

    private void Leave()
    {
        lock (_changing)
        {
            if (--_inside == 0)
            {
                _empty?.TrySetResult();
            }
        }
    }

    private sealed class Stay(LoadGate gate) : IDisposable
    {
        public void Dispose() => gate.Leave();
    }
}
