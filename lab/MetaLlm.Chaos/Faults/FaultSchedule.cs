using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Faults;

/// <summary>
/// Begins faults as soon as the cluster can bear them. One host always stays untouched. A second host is hit only when the first is known to
/// be dead, for until then the two that are left must agree on it. Of the database's faults there is one at a time, and most come alone.
/// </summary>
internal sealed class FaultSchedule(FaultMaker maker, LoadBalancer balancer, CampaignClock clock)
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Spacing = TimeSpan.FromSeconds(0.3);
    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(120);

    private readonly Dictionary<int, (FaultKind Kind, TimeSpan Start)> _hit = [];
    private readonly List<(Task<FaultRecord> Making, int? Host)> _making = [];
    private readonly List<FaultRecord> _made = [];
    private bool _apart;

    /// <summary>What happened so far, in the order in which it ended.</summary>
    public IReadOnlyList<FaultRecord> Made => _made;

    /// <summary>How often hosts had to be restarted since they were not ready though nothing was wrong.</summary>
    public int Restarts { get; private set; }

    /// <summary>Begins a fault when it can be borne.</summary>
    public async Task BeginAsync(FaultOrder order, CancellationToken cancellationToken)
    {
        int? target;
        var quietSince = clock.Now;
        while (!IsBearable(order, out target))
        {
            await Task.Delay(Period, cancellationToken);
            await CollectAsync();
            quietSince = _making.Count > 0 ? clock.Now : quietSince;
            if (clock.Now - quietSince > ReadyLimit)
            {
                Restarts++;
                await maker.RestartIdleAsync();
                quietSince = clock.Now;
            }
        }

        if (target is { } host)
        {
            _hit[host] = (order.Kind, clock.Now);
        }

        else
        {
            _apart = !order.Together;
        }

        _making.Add((maker.MakeAsync(order, target), target));
        await Task.Delay(Spacing, cancellationToken);
    }

    /// <summary>Waits until no fault is under way.</summary>
    public async Task EndAsync()
    {
        while (_making.Count > 0)
        {
            await Task.WhenAny(_making.Select(making => making.Making));
            await CollectAsync();
        }
    }

    private bool IsBearable(FaultOrder order, out int? target)
    {
        target = null;
        if (order.Kind.HitsDatabase())
        {
            return _making.TrueForAll(making => order.Together && making.Host is not null);
        }

        if (_apart && _making.Exists(making => making.Host is null))
        {
            return false;
        }

        List<int> untouched = [.. balancer.Backends.Where(backend => backend.IsUp && !_hit.ContainsKey(backend.Number)).Select(backend => backend.Number)];
        if (untouched.Count < 2 || !_hit.All(hit => hit.Value.Kind.Silences() && maker.IsFoundOut(hit.Key, hit.Value.Start)))
        {
            return false;
        }

        target = untouched[(int)(order.Pick * untouched.Count)];
        return true;
    }

    private async Task CollectAsync()
    {
        foreach (var (making, host) in _making.Where(making => making.Making.IsCompleted).ToList())
        {
            _made.Add(await making);
            _making.Remove((making, host));
            if (host is { } number)
            {
                _hit.Remove(number);
            }
        }
    }
}
