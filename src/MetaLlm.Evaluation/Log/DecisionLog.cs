using MetaLlm.Core.Tenancy;

namespace MetaLlm.Evaluation.Log;

/// <summary>Decisions and events of one tenant, joined.</summary>
/// <param name="Decisions">The decisions of the tenant's policy, in order.</param>
/// <param name="Events">The events in order.</param>
public sealed record DecisionLog(IReadOnlyList<LoggedDecision> Decisions, IReadOnlyList<TenantEvent> Events)
{
    /// <summary>Joins decisions with what became of them.</summary>
    /// <param name="records">Decisions in order.</param>
    /// <param name="events">Events in order; the first configuration comes before the first decision.</param>
    public static DecisionLog Of(IReadOnlyList<DecisionRecord> records, IReadOnlyList<TenantEvent> events)
    {
        var decisions = new List<LoggedDecision>(records.Count);
        TenantConfiguration? configuration = null;
        var next = 0;
        foreach (var record in records.Where(record => record.IsOfPolicy))
        {
            for (; next < events.Count && events[next].Sequence <= record.AppliedSequence; next++)
            {
                configuration = (events[next] as ConfiguredEvent)?.Configuration ?? configuration;
            }

            decisions.Add(new LoggedDecision(
                record,
                configuration ?? throw new InvalidDataException($"The log is damaged: decision {record.Ordinal} was made without a configuration.")));
        }

        var byOrdinal = decisions.ToDictionary(d => d.Decision.Ordinal);
        foreach (var happened in events)
        {
            switch (happened)
            {
                case ReroutedEvent rerouted when byOrdinal.TryGetValue(rerouted.Decision.Ordinal, out var decision):
                    decision.Rerouted = true;
                    break;
                case SettledEvent settled when byOrdinal.TryGetValue(settled.Decision.Ordinal, out var decision):
                    decision.CostUsd = settled.CostUsd;
                    break;
                case RewardedEvent rewarded when byOrdinal.TryGetValue(rewarded.Decision.Ordinal, out var decision):
                    decision.Reward = rewarded.Withdrawn ? null : rewarded.Reward;
                    break;
            }
        }

        return new DecisionLog(decisions, events);
    }
}
