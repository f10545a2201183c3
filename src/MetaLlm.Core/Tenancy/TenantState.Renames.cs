using MetaLlm.Core.Arms;
using MetaLlm.Core.Bandits;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    // Decisions up to an ordinal know the arm by the id that it had then; in the order of the renames.
    private readonly List<(long Through, string From, string To)> _renames = [];

    // What was counted of arms before a warm start replaced the policy, which counts from then on.
    private readonly SortedDictionary<string, ArmCounters> _earlier = new(StringComparer.Ordinal);

    private void Rename(IEnumerable<(string From, string To)> renames)
    {
        foreach (var (from, to) in renames)
        {
            _quizzes.Rename(from, to);
            _imputation?.Rename(from, to);
            _wasted.Rename(from, to);
            _judges.Rename(from, to);
            _guarantee?.Rename(from, to);
            _cascade?.Rename(from, to);
            _conversations.Rename(from, to);
            if (_earlier.Remove(from, out var counted))
            {
                _earlier[to] = counted;
            }

            if (DecisionOrdinal > 0)
            {
                _renames.Add((DecisionOrdinal, from, to));
            }
        }
    }

    /// <summary>The id that an arm of a decision has by now.</summary>
    private string IdNow(string armId, long ordinal)
    {
        foreach (var (through, from, to) in _renames)
        {
            armId = ordinal <= through && armId == from ? to : armId;
        }

        return armId;
    }

    private int? Place(string armId, long ordinal) => _armIndex.TryGetValue(IdNow(armId, ordinal), out var arm) ? arm : null;

    private ArmCounters CountedOf(int arm)
    {
        var now = ((ModelledPolicy)_policy!).Counted(arm);
        return _earlier.TryGetValue(Configuration!.Arms[arm].Id, out var before) ? ArmCounters.Sum(before, now) : now;
    }

    private List<(string ArmId, ArmCounters Counters)> Counted() => [.. Configuration!.Arms.Select((arm, a) => (arm.Id, CountedOf(a)))];

    private void Restore(List<(string ArmId, ArmCounters Counters)> counted)
    {
        foreach (var (armId, counters) in counted.Where(c => c.Counters.Pulls + c.Counters.Calls + c.Counters.Rewards > 0))
        {
            _earlier[armId] = counters;
        }
    }

    private void KeepEarlier(IReadOnlyList<Arm> arms)
    {
        foreach (var gone in _earlier.Keys.Where(id => arms.All(arm => arm.Id != id)).ToArray())
        {
            _earlier.Remove(gone);
        }
    }
}
