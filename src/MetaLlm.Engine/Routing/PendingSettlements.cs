using System.Collections.Concurrent;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// Settlements on their way to their tenants' owners. A client does not wait for the settlement of its call; whoever asks this process
/// what became of a decision waits for it here, and so does the process before it stops.
/// </summary>
/// <remarks>
/// Safe for concurrent use. What a decision has set aside stays set aside until its settlement is recorded, so nothing is ever counted as
/// free too early. A settlement that fails is repeated, which is safe since a decision is settled once; one that fails for good is logged,
/// and the decision expires later at the amount that was set aside for it.
/// </remarks>
/// <param name="engine">Where tenants live.</param>
/// <param name="metrics">Meters.</param>
/// <param name="time">Measures the pauses between attempts.</param>
/// <param name="logger">Settlements that are lost; no prompt content.</param>
public sealed partial class PendingSettlements(
    ITenantEngine engine, RoutingMetrics metrics, TimeProvider time, ILogger<PendingSettlements> logger) : IHostedService
{
    /// <summary>Pauses before the second attempt and those after it; together less than the time a stop may take.</summary>
    private static readonly TimeSpan[] Pauses =
        [TimeSpan.FromMilliseconds(100), TimeSpan.FromMilliseconds(400), TimeSpan.FromMilliseconds(1600), TimeSpan.FromMilliseconds(6400)];

    private readonly ConcurrentDictionary<(string Tenant, string DecisionId), Task> _running = new();

    /// <summary>Settlements that are not recorded yet.</summary>
    public int Count => _running.Count;

    /// <summary>Waits until a decision's settlement, if one is on its way from this process, is recorded or lost.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisionId">The decision.</param>
    /// <param name="cancellationToken">Cancels the wait alone.</param>
    public Task WaitAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        _running.TryGetValue((tenant, decisionId), out var running) ? running.WaitAsync(cancellationToken) : Task.CompletedTask;

    /// <summary>Waits for all settlements of a tenant that are on their way from this process now.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels the wait alone.</param>
    public Task WaitAsync(string tenant, CancellationToken cancellationToken) =>
        Task.WhenAll(_running.Where(pair => pair.Key.Tenant == tenant).Select(pair => pair.Value)).WaitAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Waits for all settlements that are on their way.</summary>
    /// <param name="cancellationToken">Ends the wait; what is not recorded then expires later.</param>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        while (!_running.IsEmpty)
        {
            await Task.WhenAll(_running.Values).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Sends a settlement; its outcome is reported here alone.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="arm">The arm that served.</param>
    /// <param name="settlement">How the call ended.</param>
    /// <param name="elapsed">Time from the request to the end of its answer.</param>
    internal void Start(string tenant, string arm, Settlement settlement, TimeSpan elapsed) =>
        _ = SettleAsync(tenant, arm, settlement, elapsed);

    private static bool IsFinal(Exception error) => error is ArgumentException or UnknownTenantException;

    private async Task SettleAsync(string tenant, string arm, Settlement settlement, TimeSpan elapsed)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var key = (tenant, settlement.DecisionId);
        _running[key] = ended.Task;
        using var activity = RoutingActivities.Settle(tenant, arm, settlement);
        try
        {
            await SettleAsync(tenant, settlement).ConfigureAwait(false);
            metrics.Settled(tenant, arm, settlement, elapsed);
        }
#pragma warning disable CA1031 // The answer is on its way or with the client; the decision expires later and is charged what was set aside.
        catch (Exception error)
#pragma warning restore CA1031
        {
            activity.Failed(error);
            LogSettlementLost(error is EngineUnavailableException or FencedException ? null : error, tenant, settlement.DecisionId, settlement.Outcome, error.Message);
        }
        finally
        {
            _running.TryRemove(key, out _);
            ended.SetResult();
        }
    }

    private async ValueTask SettleAsync(string tenant, Settlement settlement)
    {
        foreach (var pause in Pauses)
        {
            try
            {
                // Money is owed whether or not the client stays.
                await engine.SettleAsync(tenant, settlement, CancellationToken.None).ConfigureAwait(false);
                return;
            }
            catch (Exception error) when (!IsFinal(error))
            {
                LogSettlementRepeated(tenant, settlement.DecisionId, pause.TotalSeconds, error.Message);
            }

            await Task.Delay(pause, time).ConfigureAwait(false);
        }

        await engine.SettleAsync(tenant, settlement, CancellationToken.None).ConfigureAwait(false);
    }

    [LoggerMessage(1011, LogLevel.Error, "Settlement of decision {DecisionId} of tenant {Tenant} ({Outcome}) could not be recorded; it will expire at its reserved amount. {Reason}")]
    private partial void LogSettlementLost(Exception? defect, string tenant, string decisionId, Core.Tenancy.CallOutcome outcome, string reason);

    [LoggerMessage(1012, LogLevel.Warning, "Settlement of decision {DecisionId} of tenant {Tenant} could not be recorded yet; it is tried again in {Seconds} s. {Reason}")]
    private partial void LogSettlementRepeated(string tenant, string decisionId, double seconds, string reason);
}
