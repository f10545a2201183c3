using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Tenants;

/// <summary>Events on their way from those who appended them to the tenant's owner. Safe for concurrent use.</summary>
internal sealed class EventInbox
{
    private readonly Lock _gate = new();
    private List<TenantEvent> _events = [];
    private long _announced;

    /// <summary>Puts an event in.</summary>
    public void Add(TenantEvent recorded)
    {
        lock (_gate)
        {
            _events.Add(recorded);
            _announced = Math.Max(_announced, recorded.Sequence);
        }
    }

    /// <summary>Says that the journal has events up to a sequence, without giving them.</summary>
    public void Announce(long sequence)
    {
        lock (_gate)
        {
            _announced = Math.Max(_announced, sequence);
        }
    }

    /// <summary>Takes everything out.</summary>
    /// <param name="announced">Sequence up to which the journal is known to have events.</param>
    /// <returns>The events by sequence; there may be gaps.</returns>
    public IReadOnlyList<TenantEvent> Take(out long announced)
    {
        List<TenantEvent> taken;
        lock (_gate)
        {
            announced = _announced;
            if (_events.Count == 0)
            {
                return [];
            }

            taken = _events;
            _events = [];
        }

        taken.Sort(static (a, b) => a.Sequence.CompareTo(b.Sequence));
        return taken;
    }
}
