using System.Diagnostics.Metrics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

/// <summary>What the engines count, as verbs. Instruments belong to the meter <see cref="MeterName"/>.</summary>
public sealed class EngineMetrics
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "MetaLlm.Engine";

    private static readonly InstrumentAdvice<double> Rewards = new()
    {
        HistogramBucketBoundaries = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1],
    };

    private readonly Counter<long> _feedback;
    private readonly Histogram<double> _rewards;
    private readonly Counter<double> _cost;
    private readonly Counter<double> _wasted;
    private readonly Counter<long> _weighed;
    private readonly Counter<double> _secondCost;
    private readonly Counter<long> _expired;
    private readonly Counter<long> _dropped;
    private readonly Counter<long> _fenced;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _appendSeconds;
    private readonly Histogram<double> _recoverySeconds;
    private readonly UpDownCounter<long> _activeTenants;

    /// <summary>Creates the instruments.</summary>
    /// <param name="factory">Where the meter comes from.</param>
    public EngineMetrics(IMeterFactory factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        var meter = factory.Create(MeterName);
        _feedback = meter.CreateCounter<long>("metallm.engine.feedback", "{submission}", "Feedback received, by status.");
        _rewards = meter.CreateHistogram("metallm.engine.reward", "1", "Rewards that clients gave, by the arm that served; corrections count anew.", advice: Rewards);
        _cost = meter.CreateCounter<double>("metallm.engine.cost_usd", "{USD}", "US dollars that settled calls and the failed attempts before them cost, by arm.");
        _wasted = meter.CreateCounter<double>("metallm.engine.wasted_usd", "{USD}", "US dollars that failed attempts cost, by arm.");
        _weighed = meter.CreateCounter<long>("metallm.engine.weighed_answers", "{answer}", "First answers that a cascade weighed, by arm and by whether they were kept or escalated.");
        _secondCost = meter.CreateCounter<double>("metallm.engine.second_calls_usd", "{USD}", "US dollars that calls cost whose answers took the place of first ones, by arm; part of what calls cost.");
        _expired = meter.CreateCounter<long>("metallm.engine.expired", "{decision}", "Decisions settled because nobody reported an end in time.");
        _dropped = meter.CreateCounter<long>("metallm.engine.settlements_dropped", "{settlement}", "Settlements of decisions that were settled already, or unknown; nothing changed.");
        _fenced = meter.CreateCounter<long>("metallm.engine.fenced", "{tenant}", "Times an owner found that another one had written.");
        _batchSize = meter.CreateHistogram<int>("metallm.engine.append.batch_size", "{write}", "Writes that shared one commit.");
        _appendSeconds = meter.CreateHistogram<double>("metallm.engine.append.duration", "s", "Time of one commit, its writes included.");
        _recoverySeconds = meter.CreateHistogram<double>("metallm.engine.recovery.duration", "s", "Time to rebuild a tenant's state.");
        _activeTenants = meter.CreateUpDownCounter<long>("metallm.engine.active_tenants", "{tenant}", "Tenants whose state is in memory.");
    }

    /// <summary>Feedback was received.</summary>
    /// <param name="tenant">Whose: the tenant, or one of its owners.</param>
    /// <param name="receipts">What became of it.</param>
    public void RecordFeedback(string tenant, IReadOnlyList<FeedbackReceipt> receipts)
    {
        ArgumentNullException.ThrowIfNull(receipts);
        tenant = TenantOwner.TenantOf(tenant);
        foreach (var receipt in receipts)
        {
            _feedback.Add(1, new KeyValuePair<string, object?>("status", StatusName(receipt.Status)));
            if (receipt.Recorded is { Withdrawn: false } recorded)
            {
                _rewards.Record(recorded.Reward, new("tenant", tenant), new("arm", recorded.Decision.ServedArm));
            }
        }
    }

    /// <summary>The settlement of a call became durable.</summary>
    /// <param name="tenant">Whose: the tenant, or one of its owners.</param>
    /// <param name="settled">The settlement.</param>
    public void RecordSettled(string tenant, SettledEvent settled)
    {
        ArgumentNullException.ThrowIfNull(settled);
        tenant = TenantOwner.TenantOf(tenant);
        _cost.Add(settled.CostUsd, new("tenant", tenant), new("arm", settled.Decision.ServedArm));
        if (settled.Weighed is { } weighed)
        {
            _weighed.Add(1, new("tenant", tenant), new("arm", settled.Decision.ChosenArm ?? settled.Decision.ServedArm), new("outcome", weighed.Second is null ? "kept" : "escalated"));
            if (weighed.Second is { } second)
            {
                _secondCost.Add(settled.CostUsd, new("tenant", tenant), new("arm", second));
            }
        }

        foreach (var attempt in settled.FailedAttempts)
        {
            _cost.Add(attempt.CostUsd ?? 0, new("tenant", tenant), new("arm", attempt.ArmId));
            if (attempt.Kind != FailureKind.Escalated)
            {
                _wasted.Add(attempt.CostUsd ?? 0, new("tenant", tenant), new("arm", attempt.ArmId));
            }
        }
    }

    /// <summary>Writes were committed together.</summary>
    /// <param name="writes">How many.</param>
    /// <param name="elapsed">Time from the first statement to the end of the commit.</param>
    public void RecordAppend(int writes, TimeSpan elapsed)
    {
        _batchSize.Record(writes);
        _appendSeconds.Record(elapsed.TotalSeconds);
    }

    /// <summary>A tenant's state was rebuilt.</summary>
    /// <param name="elapsed">Time it took.</param>
    public void RecordRecovery(TimeSpan elapsed) => _recoverySeconds.Record(elapsed.TotalSeconds);

    /// <summary>Decisions were settled as expired.</summary>
    /// <param name="count">How many.</param>
    public void RecordExpired(int count) => _expired.Add(count);

    /// <summary>A settlement changed nothing.</summary>
    /// <param name="outcome">How the call had ended.</param>
    public void RecordSettlementDropped(CallOutcome outcome) => _dropped.Add(1, new KeyValuePair<string, object?>("outcome", OutcomeName(outcome)));

    /// <summary>An owner was fenced off.</summary>
    public void RecordFenced() => _fenced.Add(1);

    /// <summary>A tenant's state came into memory.</summary>
    public void TenantActivated() => _activeTenants.Add(1);

    /// <summary>A tenant's state left memory.</summary>
    public void TenantDeactivated() => _activeTenants.Add(-1);

    private static string OutcomeName(CallOutcome outcome) => outcome switch
    {
        CallOutcome.Completed => "completed",
        CallOutcome.Cut => "cut",
        CallOutcome.Aborted => "aborted",
        CallOutcome.Failed => "failed",
        _ => "expired",
    };

    private static string StatusName(FeedbackStatus status) => status switch
    {
        FeedbackStatus.Accepted => "accepted",
        FeedbackStatus.Duplicate => "duplicate",
        FeedbackStatus.Conflict => "conflict",
        FeedbackStatus.NeverRan => "never_ran",
        _ => "unknown_decision",
    };
}
