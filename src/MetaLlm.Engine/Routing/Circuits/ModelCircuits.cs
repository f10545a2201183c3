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

    private readonly ConcurrentDictionary<string, CircuitBreaker> _tenants = new(StringComparer.Ordinal);
    private readonly OpenCircuits _open = new();

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

    private CircuitBreaker Create() => new(options, clock, _open, opened);

    private CircuitStatus Shared()
    {
        if (_open.Count < FewestTenants)
        {
            return CircuitStatus.Closed;
        }

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
}
