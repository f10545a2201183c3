using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing.Circuits;

/// <summary>
/// A circuit breaker per tenant and model of an upstream, and one per key of an upstream. It opens when enough of the last calls failed, or at once when
/// the upstream says how long to stay away. When that time is over one call is a trial: it closes the circuit, or opens it for twice as long as
/// the time before.
/// </summary>
/// <remarks>
/// <para>
/// Safe for concurrent use. One tenant's failures keep a model from no other tenant. Once the circuits of two or more tenants are open, and these are at
/// least half of the tenants that use the model, it is kept from all.
/// </para>
/// <para>
/// An answer counts when it is whole. A time-out, an error, and a stream that breaks off are failures. A client that leaves says nothing,
/// unless clients have waited for the model, all calls together, for the upstream's first-byte limit without a single byte: then each
/// client that gives up counts as a failure until the model sends something.
/// </para>
/// <para>
/// A refusal of one request (status 402, 403, or an objection to what it holds) is neither a failure nor a success. Status 401 is a failure of the key, for
/// all models that are called with it.
/// </para>
/// <para>Calls that began before the circuit opened neither close it nor count as further failures.</para>
/// </remarks>
/// <param name="options">Thresholds and times.</param>
/// <param name="metrics">Counts openings.</param>
/// <param name="time">The clock; only its monotonic side is used.</param>
/// <param name="logger">Says when a circuit opens.</param>
public sealed partial class CircuitBreakers(RoutingOptions options, RoutingMetrics metrics, TimeProvider time, ILogger<CircuitBreakers> logger)
{
    private readonly ConcurrentDictionary<(string Upstream, string Model, (string Name, string? Key)? Lane), ModelCircuits> _models = new();
    private readonly ConcurrentDictionary<(string Upstream, string? Key), CircuitBreaker> _keys = new();
    private readonly OpenCircuits _openKeys = new();
    private readonly MonotonicClock _clock = new(time);
    private readonly QuietLog _quiet = new(time);

    /// <summary>The breaker of a model as it is now.</summary>
    /// <param name="tenant">For whom.</param>
    /// <param name="target">The model.</param>
    public CircuitStatus Status(string tenant, ArmTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Deployments.Count == 0)
        {
            return StatusOfOne(tenant, target);
        }

        // An arm is kept out when all of its deployments are, until the first of them may be called.
        var best = StatusOfOne(tenant, target.Deployments[0].Target);
        for (var i = 1; i < target.Deployments.Count && best.State != CircuitState.Closed; i++)
        {
            var other = StatusOfOne(tenant, target.Deployments[i].Target);
            if (other.State == CircuitState.Closed || (other.Admits && !best.Admits) || (other.Admits == best.Admits && other.Remaining < best.Remaining))
            {
                best = other;
            }
        }

        return best;
    }

    private CircuitStatus StatusOfOne(string tenant, ArmTarget target)
    {
        var model = _models.TryGetValue((target.Endpoint.Name, target.Model, target.Lane), out var circuits) ? circuits.Status(tenant) : CircuitStatus.Closed;
        if (_openKeys.Count == 0 || !_keys.TryGetValue((target.Endpoint.Name, target.Endpoint.ApiKey), out var breaker))
        {
            return model;
        }

        var key = breaker.Status;
        return key.Admits || (!model.Admits && model.Remaining > key.Remaining) ? model : key;
    }

    /// <summary>Lets a call of a model pass.</summary>
    /// <param name="tenant">Whose call.</param>
    /// <param name="target">The model.</param>
    /// <returns>The call, to be told how it ends; null when the circuit is open or its trial is running.</returns>
    internal ArmCall? TryEnter(string tenant, ArmTarget target)
    {
        var (endpoint, model) = (target.Endpoint, target.Model);
        var key = _keys.GetOrAdd((endpoint.Name, endpoint.ApiKey), static (key, self) => self.CreateKey(key.Upstream), this).TryEnter(endpoint.Timeouts);
        if (key is null)
        {
            return null;
        }

        if (_models.GetOrAdd((endpoint.Name, model, target.Lane), static (key, self) => self.CreateModel(key), this).TryEnter(tenant, endpoint.Timeouts) is { } call)
        {
            return new ArmCall(call, key);
        }

        key.Released();
        return null;
    }

    private ModelCircuits CreateModel((string Upstream, string Model, (string Name, string? Key)? Lane) key) => new(options, _clock, duration => Opened(key.Upstream, key.Model, key.Lane?.Name, duration));

    private CircuitBreaker CreateKey(string upstream) => new(options, _clock, _openKeys, duration => Opened(upstream, "*", null, duration));

    private void Opened(string upstream, string model, string? deployment, TimeSpan duration)
    {
        metrics.CircuitOpened(upstream, model);
        var named = deployment is null ? model : $"{model} ({deployment})";
        if (_quiet.MaySay((upstream, named), out var unsaid))
        {
            LogOpened(logger, named, upstream, duration.TotalSeconds, unsaid);
        }
    }

    [LoggerMessage(1101, LogLevel.Warning, "A circuit of model {Model} at upstream {Upstream} is open for {Seconds:F1} s ({Unsaid} more since the last such line).")]
    private static partial void LogOpened(ILogger logger, string model, string upstream, double seconds, int unsaid);
}
