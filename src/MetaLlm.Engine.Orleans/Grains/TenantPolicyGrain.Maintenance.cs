using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Orleans.Grains;

internal sealed partial class TenantPolicyGrain
{
    private const int LongestPause = 8;

    private int _pause = 1;
    private int _ticksLeft = 1;

    /// <summary>Timers do not keep the grain in memory, and their ticks interleave with calls.</summary>
    private void StartTimers()
    {
        this.RegisterGrainTimer(CatchUpTickAsync, new GrainTimerCreationOptions(_options.CatchUpPeriod, _options.CatchUpPeriod) { Interleave = true });

        // The first sweep is at once: while the tenant was out of memory nobody looked after its calls.
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
        this.RegisterGrainTimer(SweepTickAsync, new GrainTimerCreationOptions(_options.SweepPeriod, _options.SweepPeriod) { Interleave = true });
    }

    /// <summary>A tenant in use looks at every tick; one that nobody calls looks after 1, 2, 4 and at last every 8 ticks.</summary>
    private void Used()
    {
        _pause = 1;
        _ticksLeft = Math.Min(_ticksLeft, 1);
    }

    private async Task CatchUpTickAsync(CancellationToken cancellationToken)
    {
        _recent.ForgetOld();
        if (--_ticksLeft > 0)
        {
            return;
        }

        _ticksLeft = _pause;
        _pause = Math.Min(_pause * 2, LongestPause);
        await CatchUpAsync(cancellationToken);
    }

    private async Task CatchUpAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_runtime.IsActive || await _runtimes.Heads.AskAsync(Tenant) is not { } head || !_runtime.IsBehind(head))
            {
                return;
            }

            using var turn = await _turns.EnterAsync(cancellationToken);
            if (_runtime.IsActive)
            {
                await _runtime.CatchUpAsync(cancellationToken);
            }
        }
        catch (Exception error) when (error is not (OperationCanceledException or UnknownTenantException))
        {
            MaintenanceFailed(error);
        }
    }

    private async Task SweepTickAsync(CancellationToken cancellationToken)
    {
        await GiveAsync(cancellationToken);
        try
        {
            if (!_runtime.AwaitsRewards && await _runtimes.Overdue.AskAsync(Tenant) is null)
            {
                return;
            }
        }
        catch (Exception error)
        {
            MaintenanceFailed(error);
            return;
        }

        await SweepAsync(cancellationToken);
    }

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            var made = await _runtime.SweepAsync(cancellationToken);
            if (_runtime.SweepNeedsState)
            {
                using (await _turns.EnterAsync(cancellationToken))
                {
                    await _runtime.ActivateAsync(cancellationToken);
                }

                made += await _runtime.SweepAsync(cancellationToken);
            }

            if (made > 0)
            {
                await FoldAsync();
            }
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            MaintenanceFailed(error);
        }
    }

    /// <summary>An outage of the store meets every tenant at every tick: one line in a while, without a stack, is enough.</summary>
    private void MaintenanceFailed(Exception error)
    {
        if (_runtimes.Quiet.MaySay(error.GetType(), out var unsaid))
        {
            LogMaintenanceFailed(error is EngineUnavailableException or FencedException ? null : error, Tenant, error.Message, unsaid);
        }
    }

    [LoggerMessage(2211, LogLevel.Warning, "Events of tenant {Tenant} could not be folded in yet; the next call tries again.")]
    private partial void LogFoldFailed(Exception error, string tenant);

    [LoggerMessage(2212, LogLevel.Warning, "Tenant {Tenant} left memory without a last snapshot; its journal is complete.")]
    private partial void LogNotDeactivated(Exception error, string tenant);

    [LoggerMessage(2213, LogLevel.Warning, "Maintenance of tenant {Tenant} failed; it is tried again at the next interval. {Reason} ({Unsaid} more since the last such line.)")]
    private partial void LogMaintenanceFailed(Exception? defect, string tenant, string reason, int unsaid);

    [LoggerMessage(2214, LogLevel.Warning, "The reward stream of tenant {Tenant} reports an error; the journal has what it does not bring.")]
    private partial void LogStreamFailed(Exception error, string tenant);
}
