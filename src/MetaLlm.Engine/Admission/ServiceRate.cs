namespace MetaLlm.Engine.Admission;

/// <summary>How fast a busy queue is served: the time between two calls that leave it, in seconds. Not safe for concurrent use.</summary>
internal sealed class ServiceRate
{
    private const double Weight = 0.3;
    private static readonly TimeSpan Sample = TimeSpan.FromMilliseconds(100);

    // Before anything was measured: a fast server, so that a first burst is not turned away.
    private double _interval = 0.001;
    private long _started;
    private int _count;
    private bool _busy;

    /// <summary>Calls begin to wait: from now on the time between two that leave says how fast they are served.</summary>
    public void Busy(long now) => (_busy, _started, _count) = (true, now, 0);

    /// <summary>Nobody waits any more, so that the time until the next one leaves says nothing.</summary>
    public void Idle() => _busy = false;

    /// <summary>A call has left.</summary>
    public void Served(long now, TimeProvider time)
    {
        _count++;
        var elapsed = time.GetElapsedTime(_started, now);
        if (!_busy || elapsed < Sample)
        {
            return;
        }

        _interval += Weight * ((elapsed.TotalSeconds / _count) - _interval);
        (_started, _count) = (now, 0);
    }

    /// <summary>Seconds between two calls that leave. While none leaves, that time grows.</summary>
    public double Interval(long now, TimeProvider time)
    {
        var elapsed = time.GetElapsedTime(_started, now);
        return _busy && elapsed >= Sample ? Math.Max(_interval, elapsed.TotalSeconds / (_count + 1)) : _interval;
    }
}
