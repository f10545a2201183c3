using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>
/// A circuit breaker per model of an upstream. It opens after enough failures in a row, or at once when the upstream says how long to
/// stay away. When that time is over one call is a trial: it closes the circuit, or opens it for twice as long as the time before.
/// </summary>
/// <remarks>
/// <para>Safe for concurrent use. Tenants that share an upstream and a model share its breaker: it is the same machine behind them.</para>
/// <para>
/// An answer counts when it is whole. A time-out, an error, and a stream that breaks off are failures. A client that leaves says nothing,
/// unless clients have waited for the model, all calls together, for the upstream's first-byte limit without a single byte: then each
/// client that gives up counts as a failure until the model sends something.
/// </para>
/// <para>Calls that began before the circuit opened neither close it nor count as further failures.</para>
/// </remarks>
/// <param name="options">Thresholds and times.</param>
/// <param name="metrics">Counts openings.</param>
/// <param name="time">The clock; only its monotonic side is used.</param>
/// <param name="logger">Says when a circuit opens.</param>
public sealed partial class CircuitBreakers(RoutingOptions options, RoutingMetrics metrics, TimeProvider time, ILogger<CircuitBreakers> logger)
{
    private readonly ConcurrentDictionary<(string Upstream, string Model), CircuitBreaker> _breakers = new();
    private readonly MonotonicClock _clock = new(time);

    /// <summary>The breaker of a model as it is now.</summary>
    /// <param name="target">The model.</param>
    public CircuitStatus Status(ArmTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return _breakers.TryGetValue((target.Endpoint.Name, target.Model), out var breaker) ? breaker.Status : CircuitStatus.Closed;
    }

    /// <summary>Lets a call of a model pass.</summary>
    /// <param name="target">The model.</param>
    /// <returns>The call, to be told how it ends; null when the circuit is open or its trial is running.</returns>
    internal CircuitCall? TryEnter(ArmTarget target) =>
        _breakers.GetOrAdd((target.Endpoint.Name, target.Model), static (key, self) => self.Create(key), this).TryEnter(target.Endpoint.Timeouts);

    private CircuitBreaker Create((string Upstream, string Model) key) => new(options, _clock, duration =>
    {
        metrics.CircuitOpened(key.Upstream, key.Model);
        LogOpened(logger, key.Model, key.Upstream, duration.TotalSeconds);
    });

    [LoggerMessage(1101, LogLevel.Warning, "The circuit of model {Model} at upstream {Upstream} is open for {Seconds:F1} s.")]
    private static partial void LogOpened(ILogger logger, string model, string upstream, double seconds);
}
