namespace MetaLlm.Engine.Admission;

/// <summary>How fast a busy queue is served: the mean time between two of the last calls that left it. Not safe for concurrent use.</summary>
/// <param name="time">The clock.</param>
internal sealed class ServiceRate(TimeProvider time)
{
    // Long enough for the batches in which calls leave, and for a pause not to pass for a slow server.
    private const int Memory = 64;

    // Before much was measured: a fast server, so that a first burst is not turned away.
    private const int Prior = 4;

    private int _known = Prior;
    private long _last;
    private bool _busy;

    /// <summary>Seconds between two calls that leave.</summary>
    public double Interval { get; private set; } = 0.001;

    /// <summary>How long ago the last call left a busy queue.</summary>
    public TimeSpan Still => _busy ? time.GetElapsedTime(_last) : TimeSpan.Zero;

    /// <summary>Calls begin to wait: from now on the time between two that leave says how fast they are served.</summary>
    public void Busy() => (_busy, _last) = (true, time.GetTimestamp());

    /// <summary>Nobody waits any more, so that the time until the next one leaves says nothing.</summary>
    public void Idle() => _busy = false;

    /// <summary>A call has left.</summary>
    public void Served()
    {
        if (_busy)
        {
            var now = time.GetTimestamp();
            _known = Math.Min(_known + 1, Memory);
            Interval += (time.GetElapsedTime(_last, now).TotalSeconds - Interval) / _known;
            _last = now;
        }
    }
}
