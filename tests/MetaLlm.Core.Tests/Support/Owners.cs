using MetaLlm.Core.Tenancy;

namespace MetaLlm.Core.Tests.Support;

/// <summary>Several owners of one tenant with their journals, which take each other in when they are told to.</summary>
internal sealed class Owners
{
    private readonly Log[] _logs;

    public Owners(TenantConfiguration configuration, int shards) =>
        _logs = [.. Enumerable.Range(1, shards).Select(number => new Log(shards == 1 ? configuration : configuration with { Shards = shards }, TenantOwner.Name("acme", number)))];

    public IReadOnlyList<Log> Logs => _logs;

    public Log this[int number] => _logs[number - 1];

    public DateTimeOffset Clock
    {
        set => Array.ForEach(_logs, log => log.Clock = value);
    }

    /// <summary>Every owner takes in all that the others have recorded by now.</summary>
    public void Exchange()
    {
        var ends = _logs.Select((log, i) => new TakenPosition(i + 1, log.State.DecisionOrdinal, log.State.AppliedSequence)).ToArray();
        foreach (var log in _logs)
        {
            var through = ends.Where(end => log.State.Taken.Any(from => from.Owner == end.Owner)).ToArray();
            TakeIn(log.State, through);
            log.Event(new TookInEvent { Sequence = log.State.AppliedSequence + 1, At = log.Clock, Positions = through });
        }
    }

    /// <summary>A fresh state of an owner, folded from the journals of all.</summary>
    public TenantState Replay(int number)
    {
        var state = TenantState.Create(TenantOwner.Name("acme", number), Log.Model, Log.Reduction());
        foreach (var entry in this[number].Entries)
        {
            if (entry is TookInEvent tookIn)
            {
                TakeIn(state, tookIn.Positions);
            }

            if (entry is DecisionRecord decision)
            {
                state.Apply(decision);
            }
            else
            {
                state.Apply((TenantEvent)entry);
            }
        }

        return state;
    }

    private void TakeIn(TenantState state, IReadOnlyList<TakenPosition> through)
    {
        foreach (var (owner, ordinal, sequence) in through)
        {
            var from = state.Taken.Single(one => one.Owner == owner);
            foreach (var entry in this[owner].Entries)
            {
                if (entry is DecisionRecord decision && decision.Ordinal > from.Ordinal && decision.Ordinal <= ordinal)
                {
                    state.TakeIn(owner, decision);
                }
                else if (entry is TenantEvent happened && happened.Sequence > from.Sequence && happened.Sequence <= sequence)
                {
                    state.TakeIn(owner, happened);
                }
            }
        }
    }
}
