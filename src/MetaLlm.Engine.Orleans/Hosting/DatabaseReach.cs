using System.Collections.Concurrent;
using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Knows which silos still reach the database: those whose signs of life in the membership table go on. A silo that is cut from the database answers its peers, stays a member, and can serve no tenant.
/// </summary>
/// <remarks>
/// Signs are compared with each other, by this process's own steady clock: clocks of other machines do not matter. While this silo itself cannot read the table, it holds nothing against the others.
/// Safe for concurrent use.
/// </remarks>
/// <param name="table">The membership table.</param>
/// <param name="time">Measures how old a sign is.</param>
/// <param name="logger">Says which silos have fallen silent.</param>
internal sealed partial class DatabaseReach(IMembershipTable table, TimeProvider time, ILogger<DatabaseReach> logger) : BackgroundService
{
    /// <summary>How often silos give a sign, and how often they look for those of others.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How old the last sign of a silo that reaches the database is at most: one that was late, and one that was missed.</summary>
    public static readonly TimeSpan Silence = TimeSpan.FromSeconds(2.5);

    private readonly ConcurrentDictionary<SiloAddress, Sign> _signs = new();
    private ImmutableHashSet<SiloAddress> _silent = [];

    /// <summary>Whether a silo reaches the database, as far as is known.</summary>
    /// <param name="silo">The silo.</param>
    public bool Has(SiloAddress silo) => !Volatile.Read(ref _silent).Contains(silo);

    /// <summary>Looks at the table once.</summary>
    /// <param name="cancellationToken">Cancels the reading.</param>
    internal async Task LookAsync(CancellationToken cancellationToken)
    {
        var before = time.GetTimestamp();
        var members = (await table.ReadAllAsync(cancellationToken).ConfigureAwait(false)).Members.Select(member => member.Item1).Where(member => member.Status == SiloStatus.Active).ToList();
        if (time.GetElapsedTime(before) > Period)
        {
            // A table that is slow for this silo is slow for the others too.
            _signs.Clear();
        }

        foreach (var gone in _signs.Keys.Except(members.Select(member => member.SiloAddress)).ToList())
        {
            _signs.TryRemove(gone, out _);
        }

        foreach (var member in members)
        {
            var sign = _signs.GetValueOrDefault(member.SiloAddress);
            if (sign is null || sign.At != member.IAmAliveTime)
            {
                _signs[member.SiloAddress] = new Sign(member.IAmAliveTime, time.GetTimestamp());
            }
        }

        var silent = _signs.Where(sign => time.GetElapsedTime(sign.Value.Seen) > Silence).Select(sign => sign.Key).ToImmutableHashSet();
        foreach (var silo in silent.Except(_silent))
        {
            LogSilent(silo);
        }

        foreach (var silo in _silent.Except(silent).Where(_signs.ContainsKey))
        {
            LogBack(silo);
        }

        Volatile.Write(ref _silent, silent);
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            try
            {
                using var limit = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken);
                limit.CancelAfter(Silence);
                await LookAsync(limit.Token).ConfigureAwait(false);
            }
#pragma warning disable CA1031 // Whatever keeps this silo from the table, it knows nothing of the others now.
            catch (Exception) when (!stoppingToken.IsCancellationRequested)
#pragma warning restore CA1031
            {
                _signs.Clear();
                Volatile.Write(ref _silent, []);
            }
        }
    }

    [LoggerMessage(2227, LogLevel.Warning, "Silo {Silo} gives no sign of life in the database, though this one reaches it. It gets no tenants until it does.")]
    private partial void LogSilent(SiloAddress silo);

    [LoggerMessage(2228, LogLevel.Information, "Silo {Silo} gives signs of life in the database again.")]
    private partial void LogBack(SiloAddress silo);

    private sealed record Sign(DateTime At, long Seen);
}
