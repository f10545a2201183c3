using System.Collections.Concurrent;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Tests.Support;

/// <summary>An engine that always prefers its arms in order and remembers what it was told.</summary>
internal sealed class RecordingEngine(params string[] arms) : ITenantEngine
{
    public const string DecisionId = "d-1";

    private readonly ConcurrentQueue<Settlement> _settlements = new();
    private int _probes;
    private int _settlementAttempts;

    public List<string> Log { get; } = [];

    /// <summary>What was settled so far; several callers may settle at once.</summary>
    public IReadOnlyList<Settlement> Settlements => [.. _settlements];

    public List<Reroute> Reroutes { get; } = [];

    public DecisionRequest? LastRequest { get; private set; }

    public StoredDecision? Stored { get; set; }

    public NoFeasibleArmException? Refusal { get; set; }

    /// <summary>The arm that the caps have no room for; null for none.</summary>
    public string? RefusedReroute { get; set; }

    public PolicyRestartException? ConfigurationRefusal { get; set; }

    public Exception? SettlementFailure { get; set; }

    /// <summary>What every settlement waits for before it is recorded; null for nothing.</summary>
    public Task? SettlementGate { get; set; }

    public int SettlementAttempts => Volatile.Read(ref _settlementAttempts);

    public Func<Task> Probe { get; set; } = () => Task.CompletedTask;

    public int Probes => _probes;

    public async ValueTask ProbeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        await Probe().WaitAsync(cancellationToken);
    }

    /// <summary>Every configuration that it was told.</summary>
    public ConcurrentQueue<TenantConfiguration> Configured { get; } = new();

    /// <summary>What a configuration fails with; null for nothing.</summary>
    public Func<TenantConfiguration, Exception?>? ConfigurationFailure { get; set; }

    /// <summary>What it was told of comparisons.</summary>
    public ConcurrentQueue<(long Ordinal, bool? Differs)> Comparisons { get; } = new();

    public ValueTask CompareAsync(string tenant, long ordinal, bool? differs, CancellationToken cancellationToken)
    {
        Comparisons.Enqueue((ordinal, differs));
        return ValueTask.CompletedTask;
    }

    /// <summary>Until this ends, no owner takes a configuration.</summary>
    public Task ConfigurationGate { get; set; } = Task.CompletedTask;

    public async ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        Configured.Enqueue(configuration);
        await ConfigurationGate;
        if (ConfigurationRefusal is { } refusal && restart == PolicyRestart.Refuse)
        {
            throw refusal;
        }

        if (ConfigurationFailure?.Invoke(configuration) is { } failure)
        {
            throw failure;
        }
    }

    public ValueTask<RelearnReceipt> RelearnAsync(string tenant, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

    public ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not asked for here.");

    public ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not asked for here.");

    public ValueTask<BudgetResetReceipt> ResetBudgetAsync(string tenant, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

    /// <summary>What every decision waits for; null for nothing.</summary>
    public Task? DecisionGate { get; set; }

    public async ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        LastRequest = request;
        if (Refusal is { } refusal)
        {
            throw refusal;
        }

        Log.Add("decide");
        if (DecisionGate is { } gate)
        {
            await gate;
        }

        return Decision();
    }

    public ValueTask<DecisionRecord> PreviewAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not asked for here.");

    public ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(string tenant, IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken) =>
        throw new InvalidOperationException("Not asked for here.");

    public ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        if (reroute.ToArm == RefusedReroute)
        {
            throw new NoFeasibleArmException([KeyValuePair.Create(reroute.ToArm, ArmExclusions.OverHardCap)]);
        }

        Log.Add($"reroute {reroute.ToArm}");
        Reroutes.Add(reroute);
        return ValueTask.CompletedTask;
    }

    public async ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Interlocked.Increment(ref _settlementAttempts);
        if (SettlementGate is { } gate)
        {
            await gate;
        }

        if (SettlementFailure is { } failure)
        {
            throw failure;
        }

        Log.Add($"settle {settlement.Outcome}");
        _settlements.Enqueue(settlement);
    }

    public ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<FeedbackReceipt>>([]);

    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Stored);

    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<StoredDecision>>(Stored is { } stored && decisionIds.Contains(stored.Decision.DecisionId) ? [stored] : []);

    public ValueTask<IReadOnlyList<string>> FindConversationAsync(string tenant, string? decisionId, ulong key, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<string>>(Stored is { } stored && stored.Decision.DecisionId == decisionId ? [stored.Decision.DecisionId] : []);

    /// <summary>Every tenant that it was told to delete.</summary>
    public ConcurrentQueue<string> Deleted { get; } = new();

    public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        Deleted.Enqueue(tenant);
        return ValueTask.CompletedTask;
    }

    public ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken) => throw new InvalidOperationException("Not asked for here.");

    public DecisionRecord Decision() => new()
    {
        Tenant = "t",
        DecisionId = DecisionId,
        Ordinal = 1,
        AppliedSequence = 0,
        At = DateTimeOffset.UnixEpoch,
        Policy = "metallm",
        PolicyVersion = 1,
        FeatureSchema = "x",
        Context = [1],
        Task = null,
        InputTokens = 40,
        Arms = [.. arms.Select((arm, i) => new ArmAssessment(arm, 0.5, 0.1, 0.001 * (i + 1), 1, -i, i == 0 ? 1 : 0, null))],
        ChosenArm = arms[0],
        GreedyArm = arms[0],
        Pinned = false,
        Propensity = 1,
        Draw = 0,
        Seed = 1,
        Lambda = 0,
        Preferences = PreferenceWeights.Neutral,
        ReservedUsd = 0.001,
    };
}
