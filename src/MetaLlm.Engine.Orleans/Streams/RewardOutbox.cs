using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Streams;

/// <summary>One tenant's recorded feedback that waits to be published. Safe for concurrent use.</summary>
/// <remarks>
/// It is open while somebody publishes from it, and closes when it is found empty; whoever finds it closed makes a new one. So
/// at most one publication of a tenant is on its way, and what arrives meanwhile goes with the next.
/// </remarks>
/// <param name="capacity">Most events that wait; beyond, only their sequence is kept.</param>
internal sealed class RewardOutbox(int capacity)
{
    private readonly Lock _gate = new();
    private readonly List<RewardedEvent> _events = [];
    private long _upTo;
    private bool _started;
    private bool _closed;

    /// <summary>Puts events in.</summary>
    /// <param name="events">Events that the journal holds.</param>
    /// <param name="upTo">Sequence up to which it has events, of other kinds among them.</param>
    /// <param name="mustStart">Whether the caller has to publish from the outbox.</param>
    /// <returns>False when it is closed: nothing was put in.</returns>
    public bool TryAdd(IReadOnlyList<RewardedEvent> events, long upTo, out bool mustStart)
    {
        lock (_gate)
        {
            mustStart = !_started && !_closed;
            if (_closed)
            {
                return false;
            }

            _started = true;
            _upTo = Math.Max(_upTo, upTo);
            foreach (var recorded in events)
            {
                if (_events.Count < capacity)
                {
                    _events.Add(recorded);
                }
            }

            return true;
        }
    }

    /// <summary>Takes everything out for one item of the stream, or closes when there is nothing.</summary>
    public RecordedRewards? TakeOrClose()
    {
        lock (_gate)
        {
            if (_upTo == 0)
            {
                _closed = true;
                return null;
            }

            var item = new RecordedRewards([.. _events], _upTo);
            _events.Clear();
            _upTo = 0;
            return item;
        }
    }
}
