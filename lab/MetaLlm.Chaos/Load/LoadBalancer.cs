namespace MetaLlm.Chaos.Load;

/// <summary>
/// What stands in front of a cluster: asks every host twice a second whether it is ready, sends requests in turn to those that said so twice, and drops the
/// connections of one that falls out (as HAProxy does with <c>rise 2 fall 2 on-marked-down shutdown-sessions</c>). While none is ready it answers itself, with 503.
/// </summary>
internal sealed class LoadBalancer : IAsyncDisposable
{
    private const int Rise = 2;
    private const int Fall = 2;
    private static readonly TimeSpan ProbePeriod = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan ProbeLimit = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan UpLimit = TimeSpan.FromSeconds(150);

    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _probing;

    /// <param name="addresses">Where the hosts serve clients.</param>
    public LoadBalancer(IEnumerable<Uri> addresses)
    {
        Backends = [.. addresses.Select((address, i) => new Backend(i, address, Rise, Fall))];
        _probing = [.. Backends.Select(ProbeAsync)];
    }

    /// <summary>The hosts, by number.</summary>
    public IReadOnlyList<Backend> Backends { get; }

    /// <summary>How many get requests.</summary>
    public int Up => Backends.Count(backend => backend.IsUp);

    /// <summary>The host for a request; null while none is ready.</summary>
    /// <param name="turn">Number of the request, or of its attempt; successive ones go to different hosts.</param>
    public Backend? Pick(int turn)
    {
        List<Backend> up = [.. Backends.Where(backend => backend.IsUp)];
        return up.Count > 0 ? up[(int)((uint)turn % (uint)up.Count)] : null;
    }

    /// <summary>Waits until so many hosts get requests.</summary>
    /// <exception cref="TimeoutException">There are fewer for too long.</exception>
    public async Task UpAsync(int hosts, CancellationToken cancellationToken)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (Up < hosts)
        {
            if (TimeProvider.System.GetElapsedTime(began) > UpLimit)
            {
                throw new TimeoutException($"Only {Up} of {hosts} hosts are ready after {UpLimit.TotalSeconds} s.");
            }

            await Task.Delay(ProbePeriod, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_probing);
        foreach (var backend in Backends)
        {
            backend.Dispose();
        }

        _stop.Dispose();
    }

    private async Task ProbeAsync(Backend backend)
    {
        using var http = new HttpClient { BaseAddress = backend.Address, Timeout = ProbeLimit };
        while (!_stop.IsCancellationRequested)
        {
            backend.Note(await IsReadyAsync(http));
            await Task.Delay(ProbePeriod, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using var response = await http.GetAsync("health/ready", _stop.Token);
            return response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }
}
