using MetaLlm.Chaos.Judging;

namespace MetaLlm.Chaos.Load;

/// <summary>The applications of all tenants.</summary>
internal sealed class ClientLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private readonly LoadGate _gate = new();
    private readonly List<Task> _clients;

    /// <param name="tenants">How many.</param>
    /// <param name="rate">Questions a second, all tenants together.</param>
    /// <param name="seed">Names what they do.</param>
    /// <param name="balancer">Where requests go.</param>
    /// <param name="clock">The time.</param>
    public ClientLoad(int tenants, double rate, int seed, LoadBalancer balancer, CampaignClock clock)
    {
        Ledgers = [.. Enumerable.Range(0, tenants).Select(tenant => new TenantLedger(tenant))];
        var pace = TimeSpan.FromSeconds(tenants / rate);
        _clients =
        [
            .. Ledgers.Select(ledger =>
                new TenantClient(seed, balancer, ledger, Record, clock).RunAsync(pace, _gate, _stop.Token, _abandon.Token)),
        ];
    }

    /// <summary>What every tenant was promised.</summary>
    public IReadOnlyList<TenantLedger> Ledgers { get; }

    /// <summary>What clients saw.</summary>
    public LoadRecord Record { get; } = new();

    /// <summary>Holds every client after what it has begun.</summary>
    /// <param name="limit">How long that may take.</param>
    /// <exception cref="TimeoutException">A client waits for an answer still.</exception>
    public async Task PauseAsync(TimeSpan limit)
    {
        ThrowIfBroken();
        await _gate.CloseAsync().WaitAsync(limit);
    }

    /// <summary>Lets clients work on.</summary>
    public void Resume() => _gate.Open();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _abandon.CancelAsync();
        await Task.WhenAll(_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
        _abandon.Dispose();
    }

    private void ThrowIfBroken()
    {
        if (_clients.Find(client => client.IsFaulted) is { Exception: { } defect })
        {
            throw new InvalidOperationException("A client of the load broke.", defect);
        }
    }
}
