using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>A call that a circuit breaker let pass. Whoever holds it says once how it ended; what is said later changes nothing.</summary>
internal sealed class CircuitCall(CircuitBreaker breaker, UpstreamTimeouts timeouts, int opening, DateTimeOffset started)
{
    private volatile bool _answering;
    private int _ended;

    /// <summary>How often the circuit had opened when the call began: a call from before the newest opening is late.</summary>
    public int Opening => opening;

    public DateTimeOffset Started => started;

    public UpstreamTimeouts Timeouts => timeouts;

    /// <summary>Whether a piece of the answer has arrived.</summary>
    public bool IsAnswering => _answering;

    /// <summary>A piece of the answer has arrived.</summary>
    public void Answering()
    {
        _answering = true;
        breaker.Sign();
    }

    /// <summary>The answer is whole.</summary>
    public void Succeeded()
    {
        if (End())
        {
            breaker.Succeeded(this);
        }
    }

    /// <summary>The upstream failed, before or within its answer.</summary>
    /// <param name="retryAfter">How long the upstream asked to be left alone; null when it did not.</param>
    public void Failed(TimeSpan? retryAfter)
    {
        if (End())
        {
            breaker.Failed(this, retryAfter);
        }
    }

    /// <summary>The client left before the answer was whole. That says nothing of the upstream, unless it has been silent for too long.</summary>
    public void Aborted()
    {
        if (End())
        {
            breaker.Aborted(this);
        }
    }

    /// <summary>The upstream refused the request, which says nothing of other requests.</summary>
    public void Answered()
    {
        if (End())
        {
            breaker.Answered(this);
        }
    }

    /// <summary>The call ended in a way that says nothing here.</summary>
    public void Released()
    {
        if (End())
        {
            breaker.Released(this);
        }
    }

    private bool End() => Interlocked.Exchange(ref _ended, 1) == 0;
}
