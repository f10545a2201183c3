using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.InProcess;

/// <summary>All tenants in this process: a mailbox for each active one, over a shared journal.</summary>
/// <remarks>
/// Another process may serve the same tenants over the same journal: then decisions of one fence off the other, which rebuilds its
/// state and decides again. Disposing takes no more calls, runs those that wait, and saves every active tenant's state.
/// </remarks>
public sealed partial class InProcessTenantEngine : ITenantEngine, IAsyncDisposable
{
    private const int DecideAttempts = 4;

    private readonly ConcurrentDictionary<string, Lazy<TenantMailbox>> _mailboxes = new(StringComparer.Ordinal);
    private readonly TenantRuntimeServices _services;
    private readonly ITenantJournal _journal;
    private readonly InProcessEngineOptions _options;
    private readonly TimeProvider _time;
    private readonly EngineMetrics _metrics;
    private readonly ILogger _logger;
    private volatile bool _stopping;

    /// <summary>Creates the engine without active tenants.</summary>
    /// <param name="services">What tenants' runtimes share.</param>
    /// <param name="journal">The durable truth.</param>
    /// <param name="options">Validated options.</param>
    /// <param name="time">The clock.</param>
    /// <param name="metrics">Counts.</param>
    /// <param name="logger">Log.</param>
    public InProcessTenantEngine(
        TenantRuntimeServices services,
        ITenantJournal journal,
        IOptions<InProcessEngineOptions> options,
        TimeProvider time,
        EngineMetrics metrics,
        ILogger<InProcessTenantEngine> logger)
    {
        ArgumentNullException.ThrowIfNull(options);
        _services = services;
        _journal = journal;
        _options = options.Value;
        _time = time;
        _metrics = metrics;
        _logger = logger;
    }

    /// <inheritdoc/>
    public async ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        await AskAsync(
            tenant,
            async (runtime, cancellation) =>
            {
                await runtime.ConfigureAsync(configuration, cancellation).ConfigureAwait(false);
                return true;
            },
            cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(set);
        return await AskAsync(tenant, (runtime, cancellation) => runtime.WarmStartAsync(set, cancellation), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        return await AskAsync(tenant, (runtime, cancellation) => runtime.QuizAsync(quiz, cancellation), cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async ValueTask<DecisionRecord> DecideAsync(string tenant, DecideCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        for (var attempt = 1; ; attempt++)
        {
            var pending = await AskAsync(
                tenant, (runtime, cancellation) => runtime.DecideAsync(command, cancellation), cancellationToken).ConfigureAwait(false);
            try
            {
                // From here on the decision may be durable: it is awaited whether or not the caller still wants it.
                await pending.Durable.ConfigureAwait(false);
                return pending.Record;
            }
            catch (FencedException) when (attempt < DecideAttempts)
            {
                // Another process decided at the same time. This decision was not recorded; the next one builds on the other's.
                cancellationToken.ThrowIfCancellationRequested();
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(reroute);
        var recorded = await _journal.AppendRerouteAsync(tenant, reroute, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (recorded is null)
        {
            await _journal.RequireKnownAsync(tenant, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            FindActive(tenant)?.Deliver([recorded]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(settlement);
        var priced = settlement.CostUsd is not null
            ? settlement
            : await AskAsync(tenant, (runtime, cancellation) => runtime.PriceAsync(settlement, cancellation), cancellationToken).ConfigureAwait(false);
        if (priced is null)
        {
            DroppedSettlement.Report(tenant, settlement, _metrics, _logger);
            return;
        }

        var recorded = await _journal.AppendSettlementAsync(tenant, priced, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        if (recorded is null)
        {
            await _journal.RequireKnownAsync(tenant, cancellationToken).ConfigureAwait(false);
            DroppedSettlement.Report(tenant, settlement, _metrics, _logger);
        }
        else
        {
            _metrics.RecordSettled(tenant, recorded);
            FindActive(tenant)?.Deliver([recorded]);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(submissions);
        var receipts = await _journal.AppendFeedbackAsync(tenant, submissions, _time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        _metrics.RecordFeedback(tenant, receipts);
        var recorded = receipts.Select(receipt => receipt.Recorded).OfType<TenantEvent>().ToList();
        if (recorded.Count > 0)
        {
            FindActive(tenant)?.Deliver(recorded);
        }
        else if (receipts.All(receipt => receipt.Status == FeedbackStatus.UnknownDecision))
        {
            await _journal.RequireKnownAsync(tenant, cancellationToken).ConfigureAwait(false);
        }

        return receipts;
    }

    /// <inheritdoc/>
    public async ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken)
    {
        var found = await _journal.FindDecisionAsync(tenant, decisionId, cancellationToken).ConfigureAwait(false);
        if (found is null)
        {
            await _journal.RequireKnownAsync(tenant, cancellationToken).ConfigureAwait(false);
        }

        return found;
    }

    /// <inheritdoc/>
    public async ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken) =>
        await AskAsync(tenant, (runtime, cancellation) => runtime.DescribeAsync(cancellation), cancellationToken).ConfigureAwait(false);

    /// <summary>Saves and closes every tenant without calls for the idle timeout, and charges calls that nobody settled.</summary>
    /// <param name="cancellationToken">Cancels between tenants.</param>
    public async Task MaintainAsync(CancellationToken cancellationToken)
    {
        foreach (var (tenant, mailbox) in _mailboxes)
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                await mailbox.Value.SweepAsync(cancellationToken).ConfigureAwait(false);
                if (mailbox.Value.IdleFor >= _options.IdleTimeout)
                {
                    await CloseAsync(tenant, mailbox).ConfigureAwait(false);
                }
            }
            catch (Exception error) when (error is not OperationCanceledException)
            {
                // One tenant's trouble must not keep the others from being looked after.
                LogMaintenanceFailed(error, tenant);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _stopping = true;
        await Task.WhenAll(_mailboxes.Select(entry => CloseAsync(entry.Key, entry.Value))).ConfigureAwait(false);
    }

    private async Task<T> AskAsync<T>(
        string tenant, Func<TenantRuntime, CancellationToken, ValueTask<T>> call, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        cancellationToken.ThrowIfCancellationRequested();
        var waiting = new MailboxCall<T>(call, cancellationToken);
        while (true)
        {
            var mailbox = _mailboxes.GetOrAdd(tenant, static (name, engine) => new Lazy<TenantMailbox>(() => engine.Open(name)), this);

            // Looked at after the mailbox is in the table: either this sees that the engine stops, or the stop sees the mailbox.
            ObjectDisposedException.ThrowIf(_stopping, this);
            if (await mailbox.Value.TryPostAsync(waiting, cancellationToken).ConfigureAwait(false))
            {
                return await waiting.Completion.ConfigureAwait(false);
            }

            // It is being closed. A second owner of the tenant before the first has gone would only be fenced off.
            await CloseAsync(tenant, mailbox).WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private TenantMailbox Open(string tenant) =>
        new(new TenantRuntime(tenant, _services), _options.MailboxCapacity, _time, _logger);

    private TenantMailbox? FindActive(string tenant) =>
        _mailboxes.TryGetValue(tenant, out var mailbox) ? mailbox.Value : null;

    private async Task CloseAsync(string tenant, Lazy<TenantMailbox> mailbox)
    {
        mailbox.Value.Close();
        await mailbox.Value.Completion.ConfigureAwait(false);
        _mailboxes.TryRemove(KeyValuePair.Create(tenant, mailbox));
    }

    [LoggerMessage(2111, LogLevel.Warning, "Maintenance of tenant {Tenant} failed; it is tried again at the next interval.")]
    private partial void LogMaintenanceFailed(Exception error, string tenant);
}
