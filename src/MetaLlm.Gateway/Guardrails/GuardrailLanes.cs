using BitFaster.Caching.Lru;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>
/// A lane for each guardrail and tenant: what makes the looks of one tenant fail opens no circuit for another. Those that were used longest ago are dropped where there are too many; a
/// guardrail whose circuit is dropped is merely asked again.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="time">The clock.</param>
/// <param name="most">Most lanes.</param>
internal sealed class GuardrailLanes(TimeProvider time, int most = GuardrailLanes.Most)
{
    private const int Most = 10_000;

    private readonly ConcurrentLru<(string Guardrail, string Tenant), GuardrailLane> _lanes = new(most);

    /// <summary>How many there are.</summary>
    public int Count => _lanes.Count;

    /// <summary>The lane of a guardrail for a tenant. Other settings give it a new one.</summary>
    public GuardrailLane Of(string guardrail, string tenant, GuardrailSettings settings)
    {
        var lane = _lanes.GetOrAdd((guardrail, tenant), static (_, made) => new GuardrailLane(made.Settings, made.Time), (Settings: settings, Time: time));
        if (lane.Settings != settings)
        {
            lane = new GuardrailLane(settings, time);
            _lanes.AddOrUpdate((guardrail, tenant), lane);
        }

        return lane;
    }
}
