using System.Collections.Concurrent;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>A lane for each guardrail and tenant: what makes the looks of one tenant fail opens no circuit for another.</summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="time">The clock.</param>
/// <param name="most">Most lanes, but for those that are added at the same moment.</param>
internal sealed class GuardrailLanes(TimeProvider time, int most = GuardrailLanes.Most)
{
    private const int Most = 10_000;

    private readonly ConcurrentDictionary<(string Guardrail, string Tenant), GuardrailLane> _lanes = [];

    /// <summary>How many there are.</summary>
    public int Count => _lanes.Count;

    /// <summary>The lane of a guardrail for a tenant. Other settings give it a new one.</summary>
    public GuardrailLane Of(string guardrail, string tenant, GuardrailSettings settings)
    {
        var key = (guardrail, tenant);
        if (!_lanes.TryGetValue(key, out var lane) || lane.Settings != settings)
        {
            MakeRoom(key);
            lane = _lanes.AddOrUpdate(
                key,
                static (_, made) => new GuardrailLane(made.Settings, made.Time),
                static (_, known, made) => known.Settings == made.Settings ? known : new GuardrailLane(made.Settings, made.Time),
                (Settings: settings, Time: time));
        }

        lane.LastUsed = time.GetTimestamp();
        return lane;
    }

    /// <summary>Drops the half that was used longest ago. A guardrail whose circuit is dropped is merely asked again.</summary>
    private void MakeRoom((string Guardrail, string Tenant) key)
    {
        if (_lanes.ContainsKey(key) || _lanes.Count < most)
        {
            return;
        }

        foreach (var old in _lanes.ToArray().Select(lane => (lane, lane.Value.LastUsed)).OrderBy(lane => lane.LastUsed).Take((most + 1) / 2))
        {
            _lanes.TryRemove(old.lane);
        }
    }
}
