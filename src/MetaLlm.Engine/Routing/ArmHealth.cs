using System.Collections.Concurrent;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// A circuit breaker per model of an upstream. After enough failures in a row, or when the upstream says how long to stay away, the
/// model is held out; once that time is over the next call is a trial: it closes the circuit or opens it for twice as long.
/// </summary>
/// <remarks>Safe for concurrent use. Tenants that share an upstream and a model share its health: it is the same machine behind them.</remarks>
/// <param name="options">Thresholds and times.</param>
/// <param name="time">The clock.</param>
public sealed class ArmHealth(RoutingOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Upstream, string Model), State> _states = new();

    /// <summary>Whether the model is held out now.</summary>
    /// <param name="target">The model.</param>
    public bool IsHeldOut(ArmTarget target) => HeldOutFor(target) > TimeSpan.Zero;

    /// <summary>How much longer the model is held out; zero when it is not.</summary>
    /// <param name="target">The model.</param>
    public TimeSpan HeldOutFor(ArmTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!_states.TryGetValue(Key(target), out var state))
        {
            return TimeSpan.Zero;
        }

        var left = state.Until - time.GetUtcNow();
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    /// <summary>The model answered.</summary>
    /// <param name="target">The model.</param>
    public void Succeeded(ArmTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        _states.TryRemove(Key(target), out _);
    }

    /// <summary>The model failed.</summary>
    /// <param name="target">The model.</param>
    /// <param name="retryAfter">How long the upstream asked to be left alone; null when it did not.</param>
    /// <returns>How long the model is held out from now; zero while it may still be tried.</returns>
    public TimeSpan Failed(ArmTarget target, TimeSpan? retryAfter)
    {
        ArgumentNullException.ThrowIfNull(target);
        var now = time.GetUtcNow();
        var state = _states.AddOrUpdate(
            Key(target),
            _ => Next(new State(0, DateTimeOffset.MinValue), retryAfter, now),
            (_, old) => Next(old, retryAfter, now));
        return state.Until > now ? state.Until - now : TimeSpan.Zero;
    }

    private static (string Upstream, string Model) Key(ArmTarget target) => (target.Endpoint.Name, target.Model);

    private State Next(State old, TimeSpan? retryAfter, DateTimeOffset now)
    {
        var failures = old.Failures + 1;
        var hold = TimeSpan.Zero;
        if (failures >= options.FailureThreshold)
        {
            var doublings = Math.Min(failures - options.FailureThreshold, 30);
            hold = options.CoolDown * Math.Pow(2, doublings);
        }

        if (retryAfter > hold)
        {
            hold = retryAfter.Value;
        }

        var until = now + (hold < options.MaxCoolDown ? hold : options.MaxCoolDown);
        return new State(failures, until > old.Until ? until : old.Until);
    }

    private sealed record State(int Failures, DateTimeOffset Until);
}
