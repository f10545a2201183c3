using System.Globalization;
using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Load;
using Npgsql;

namespace MetaLlm.Chaos.Faults;

/// <summary>Follows the table of silos, and notes when the cluster takes one for dead.</summary>
internal sealed class MembershipWatch : IAsyncDisposable
{
    private const int Dead = 6;
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _changing = new();
    private readonly Dictionary<(string Address, int Port, int Generation), TimeSpan> _deaths = [];
    private readonly string _connectionString;
    private readonly CampaignClock _clock;
    private readonly Task _watching;

    public MembershipWatch(string connectionString, CampaignClock clock)
    {
        _connectionString = new NpgsqlConnectionStringBuilder(connectionString) { Timeout = 2, CommandTimeout = 2, ApplicationName = "chaos" }.ConnectionString;
        _clock = clock;
        _watching = WatchAsync();
    }

    /// <summary>When a host's silo was first taken for dead after a moment; null when it was not.</summary>
    public TimeSpan? DeathAfter(ChaosHost host, TimeSpan moment)
    {
        var address = host.Machine.Address.ToString();
        lock (_changing)
        {
            List<TimeSpan> deaths = [.. _deaths.Where(d => d.Key.Address == address && d.Key.Port == host.SiloPort && d.Value >= moment).Select(d => d.Value)];
            return deaths.Count > 0 ? deaths.Min() : null;
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await ReadAsync();
            await Task.Delay(Period, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task ReadAsync()
    {
        try
        {
            await using var connection = new NpgsqlConnection(_connectionString);
            await connection.OpenAsync(_stop.Token);
            await using var command = new NpgsqlCommand(
                $"SELECT address, port, generation FROM orleans_silos WHERE status = {Dead.ToString(CultureInfo.InvariantCulture)}", connection);
            await using var rows = await command.ExecuteReaderAsync(_stop.Token);
            var now = _clock.Now;
            while (await rows.ReadAsync(_stop.Token))
            {
                lock (_changing)
                {
                    _deaths.TryAdd((rows.GetString(0), rows.GetInt32(1), rows.GetInt32(2)), now);
                }
            }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException or TimeoutException)
        {
            // The database is away, by a fault or at the end: there is nothing to see until it is back.
        }
    }
}
