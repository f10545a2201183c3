using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>What a tenant's clients were told, and so may rely on. Safe for concurrent use.</summary>
/// <param name="tenant">Whose, by number.</param>
internal sealed class TenantLedger(int tenant)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Dictionary<string, double>> _decisions = new(StringComparer.Ordinal);
    private readonly Dictionary<string, double> _inForce = new(StringComparer.Ordinal);
    private readonly HashSet<(string Decision, string Key)> _open = [];
    private readonly HashSet<string> _changed = new(StringComparer.Ordinal);
    private readonly List<Finding> _reused = [];
    private int _feedback;

    /// <summary>Whose, by number.</summary>
    public int Tenant => tenant;

    /// <summary>How many decisions were handed out.</summary>
    public int Decisions
    {
        get
        {
            lock (_changing)
            {
                return _decisions.Count;
            }
        }
    }

    /// <summary>How much feedback was acknowledged: distinct pairs of a decision and a key.</summary>
    public int Feedback
    {
        get
        {
            lock (_changing)
            {
                return _feedback;
            }
        }
    }

    /// <summary>A decision's id was read from an answer.</summary>
    public void HandedOut(string decision)
    {
        lock (_changing)
        {
            if (!_decisions.TryAdd(decision, new(StringComparer.Ordinal)))
            {
                _reused.Add(new Finding(FindingKind.Reused, $"{TenantKeys.Id(tenant)}: decision {decision} was handed out twice."));
            }

            _changed.Add(decision);
        }
    }

    /// <summary>Feedback is about to be sent: from here on it may count.</summary>
    public void Sent(Feedback feedback)
    {
        lock (_changing)
        {
            if (!_decisions[feedback.Decision].ContainsKey(feedback.Key))
            {
                _open.Add((feedback.Decision, feedback.Key));
            }
        }
    }

    /// <summary>Feedback was acknowledged: from here on it counts, once.</summary>
    public void Acknowledged(Feedback feedback)
    {
        lock (_changing)
        {
            _open.Remove((feedback.Decision, feedback.Key));
            if (_decisions[feedback.Decision].TryAdd(feedback.Key, feedback.Reward))
            {
                _feedback++;
                _inForce[feedback.Decision] = feedback.Reward;
                _changed.Add(feedback.Decision);
            }
        }
    }

    /// <summary>What may be relied on now.</summary>
    /// <param name="all">Every decision, rather than those of which something was told since the last time.</param>
    public TenantPromises Take(bool all)
    {
        lock (_changing)
        {
            var names = all ? _decisions.Keys : (IEnumerable<string>)_changed;
            List<PromisedDecision> decisions =
            [
                .. names.Select(id => new PromisedDecision(id, _decisions[id].Count, _inForce.TryGetValue(id, out var reward) ? reward : null)),
            ];
            _changed.Clear();
            return new TenantPromises(tenant, decisions, _feedback, _open.Count, _inForce.Values.Sum(), _inForce.Count, [.. _reused]);
        }
    }
}
