using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.RegularExpressions;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Faults;

/// <summary>Finds out which host owns which tenant: the one whose count of the tenant's cost grows.</summary>
internal sealed partial class OwnerWatch : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(0.5);

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<int, int> _owners = new();
    private readonly List<Task> _watching;

    /// <param name="backends">The hosts.</param>
    /// <param name="metricsKey">Key to their metrics.</param>
    public OwnerWatch(IReadOnlyList<Backend> backends, string metricsKey) => _watching = [.. backends.Select(backend => WatchAsync(backend, metricsKey))];

    /// <summary>Tenants of a host, by number.</summary>
    public IReadOnlyList<int> Of(int host) => [.. _owners.Where(owner => owner.Value == host).Select(owner => owner.Key).Order()];

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Task.WhenAll(_watching);
        _stop.Dispose();
    }

    /// <summary>Reads from metrics in text form what each tenant has cost at a host.</summary>
    internal static IReadOnlyDictionary<string, double> Costs(string metrics) => Cost().Matches(metrics)
        .GroupBy(line => line.Groups["tenant"].Value, StringComparer.Ordinal)
        .ToDictionary(lines => lines.Key, lines => lines.Sum(line => double.Parse(line.Groups["value"].Value, CultureInfo.InvariantCulture)), StringComparer.Ordinal);

    [GeneratedRegex("""^metallm_engine_cost_usd[^{ ]*\{[^}]*tenant="(?<tenant>[^"]+)"[^}]*\} (?<value>[^ \n]+)""", RegexOptions.Multiline)]
    private static partial Regex Cost();

    private async Task WatchAsync(Backend backend, string metricsKey)
    {
        using var http = new HttpClient { BaseAddress = backend.Address, Timeout = Limit };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", metricsKey);
        IReadOnlyDictionary<string, double> before = new Dictionary<string, double>();
        while (!_stop.IsCancellationRequested)
        {
            if (await ReadAsync(http) is { } metrics)
            {
                var now = Costs(metrics);
                foreach (var (tenant, cost) in now.Where(cost => cost.Value > before.GetValueOrDefault(cost.Key)))
                {
                    _owners[int.Parse(tenant.AsSpan(TenantKeys.Id(0).Length - 1), CultureInfo.InvariantCulture)] = backend.Number;
                }

                before = now;
            }

            await Task.Delay(Period, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<string?> ReadAsync(HttpClient http)
    {
        try
        {
            return await http.GetStringAsync("metrics", _stop.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            // A host that is down owns nothing; what it owned is somebody else's soon.
            return null;
        }
    }
}
