namespace MetaLlm.Simulator.Drift;

/// <summary>Changes to come, and the one place that carries them out. Safe for concurrent use.</summary>
public sealed class DriftSchedule
{
    private readonly Lock _gate = new();
    private readonly List<DriftEvent> _pending = [];
    private readonly ModelRegistry _models;
    private readonly TimeProvider _time;
    private long _requests;

    internal DriftSchedule(ModelRegistry models, TimeProvider time, IEnumerable<DriftEvent> events)
    {
        _models = models;
        _time = time;
        foreach (var change in events)
        {
            Add(change);
        }
    }

    /// <summary>What has yet to fall due, in the order it was added.</summary>
    public IReadOnlyList<DriftEvent> Pending
    {
        get
        {
            lock (_gate)
            {
                return [.. _pending];
            }
        }
    }

    /// <summary>Adds an event; one that is due already takes effect before this returns.</summary>
    /// <exception cref="ArgumentException">The event is unsound; the message names every field that is.</exception>
    public void Add(DriftEvent change)
    {
        ArgumentNullException.ThrowIfNull(change);
        if (change.Errors([.. _models.All.Select(model => model.Name)]).ToArray() is { Length: > 0 } errors)
        {
            throw new ArgumentException(string.Join(' ', errors), nameof(change));
        }

        lock (_gate)
        {
            _pending.Add(change);
            ApplyDue();
        }
    }

    /// <summary>Counts a request, after whatever was due before it has taken effect.</summary>
    /// <returns>The request's number, from 1.</returns>
    internal long NextRequest()
    {
        lock (_gate)
        {
            ApplyDue();
            return ++_requests;
        }
    }

    /// <summary>Lets what has fallen due take effect without a request, so that reports are up to date.</summary>
    internal void CatchUp()
    {
        lock (_gate)
        {
            ApplyDue();
        }
    }

    private void ApplyDue()
    {
        var now = _time.GetUtcNow();
        foreach (var change in _pending.Where(change => change.IsDue(_requests, now)))
        {
            change.ApplyTo(_models);
        }

        _pending.RemoveAll(change => change.IsDue(_requests, now));
    }
}
