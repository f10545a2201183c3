using System.Collections.Concurrent;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>The circuit breakers of one model at one upstream: one per tenant.</summary>
/// <remarks>
/// A tenant's failures open its own circuit, since its prompts may be what the model fails on. Once the circuits of at least two tenants are open, and
/// these are at least half of those that use the model, it is the model: it is kept from the others too.
/// </remarks>
internal sealed class ModelCircuits(RoutingOptions options, MonotonicClock clock, Action<TimeSpan> opened)
{
    /// <summary>One tenant's trouble is no other's.</summary>
    private const int FewestTenants = 2;

    /// <summary>From so many tenants on the model is judged now and then rather than at every look: a walk over all of them takes time.</summary>
    private const int ManyTenants = 128;

    /// <summary>Circuits that nobody uses are dropped whenever so many have been made.</summary>
    private const int SweepEvery = 1024;

    /// <summary>How long a judgement on many tenants holds.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentDictionary<string, CircuitBreaker> _tenants = new(StringComparer.Ordinal);
    private readonly OpenCircuits _open = new();
    private volatile Judgement? _latest;
    private int _made;

    /// <summary>The model as it is for a tenant.</summary>
    public CircuitStatus Status(string tenant)
    {
        var own = _tenants.TryGetValue(tenant, out var breaker) ? breaker.Status : CircuitStatus.Closed;
        return own.State == CircuitState.Closed ? Shared() : own;
    }

    /// <summary>Lets a tenant's call pass, or null.</summary>
    public CircuitCall? TryEnter(string tenant, Ports.UpstreamTimeouts timeouts)
    {
        var breaker = _tenants.GetOrAdd(tenant, static (_, self) => self.Create(), this);
        return breaker.Status.State == CircuitState.Closed && Shared().State != CircuitState.Closed ? null : breaker.TryEnter(timeouts);
    }

    private CircuitBreaker Create()
    {
        if (Interlocked.Increment(ref _made) % SweepEvery == 0)
        {
            Sweep();
        }

        return new CircuitBreaker(options, clock, _open, opened);
    }

    /// <summary>Drops circuits that are closed and saw no call for as long as results count: a new one is the same.</summary>
    private void Sweep()
    {
        foreach (var tenant in _tenants)
        {
            if (!tenant.Value.IsInUse && tenant.Value.Status.State == CircuitState.Closed)
            {
                _tenants.TryRemove(tenant);
            }
        }
    }

    private CircuitStatus Shared()
    {
        if (_open.Count < FewestTenants)
        {
            return CircuitStatus.Closed;
        }

        if (Volatile.Read(ref _made) < ManyTenants)
        {
            return Judge();
        }

        if (_latest is not { } latest || clock.GetElapsedTime(latest.At) > Fresh)
        {
            _latest = latest = new Judgement(Judge(), clock.GetTimestamp());
        }

        return latest.Status;
    }

    private CircuitStatus Judge()
    {
        var (open, inUse, least) = (0, 0, TimeSpan.MaxValue);
        foreach (var (_, breaker) in _tenants)
        {
            var status = breaker.Status;
            if (status.State == CircuitState.Open)
            {
                open++;
                least = status.Remaining < least ? status.Remaining : least;
            }

            inUse += breaker.IsInUse ? 1 : 0;
        }

        return open >= FewestTenants && 2 * open >= inUse ? new CircuitStatus(CircuitState.Open, least, false) : CircuitStatus.Closed;
    }

    private sealed record Judgement(CircuitStatus Status, long At);
}
