using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Tenants;

namespace MetaLlm.TestKit.Engines;

/// <summary>
/// The plainest engine, to compare others with: it appends to the journal, folds what it appended at once, saves nothing and forgets
/// nothing. It shares no code with the engines of the product above the journal and the tenant state. One call at a time.
/// </summary>
/// <param name="journal">The journal.</param>
/// <param name="model">The embedding model.</param>
/// <param name="time">The clock.</param>
public sealed class ReferenceEngine(ITenantJournal journal, EmbeddingModelInfo model, TimeProvider time) : ITenantEngine
{
    private readonly Dictionary<string, TenantState> _states = new(StringComparer.Ordinal);

    /// <summary>What a snapshot of the tenant holds.</summary>
    /// <param name="tenant">The tenant.</param>
    public ReadOnlyMemory<byte> Save(string tenant)
    {
        var bytes = new ArrayBufferWriter<byte>();
        State(tenant).Save(bytes);
        return bytes.WrittenMemory;
    }

    /// <inheritdoc/>
    public async ValueTask ConfigureAsync(string tenant, TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        if (State(tenant).Configuration is { } current && TenantConfigurationJson.Same(current, configuration))
        {
            return;
        }

        if (configuration.Version is { } asked && State(tenant).Configuration?.Version is { } inForce && asked < inForce)
        {
            throw new OutdatedConfigurationException(tenant, asked, inForce);
        }

        var forgotten = State(tenant).FindForgotten(configuration);
        if (forgotten is not null && restart == PolicyRestart.Refuse)
        {
            throw new PolicyRestartException(forgotten);
        }

        if (forgotten is not null && restart == PolicyRestart.Relearn)
        {
            await RelearnAsync(tenant, configuration, cancellationToken);
            return;
        }

        State(tenant).Apply(await journal.AppendConfigurationAsync(tenant, configuration, time.GetUtcNow(), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<RelearnReceipt> RelearnAsync(string tenant, CancellationToken cancellationToken)
    {
        var sequence = await RelearnAsync(tenant, State(tenant).Configuration!, cancellationToken);
        var arms = State(tenant).Report().Arms;
        return new RelearnReceipt(arms.Sum(arm => arm.Statistics.Pulls), arms.Sum(arm => arm.Statistics.Rewards), sequence);
    }

    private async Task<long> RelearnAsync(string tenant, TenantConfiguration configuration, CancellationToken cancellationToken)
    {
        var relearns = await journal.AppendRelearningAsync(tenant, configuration, time.GetUtcNow(), cancellationToken);
        await JournalOracle.RelearnAsync(journal, tenant, State(tenant), relearns);
        return relearns.Sequence;
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> WarmStartAsync(string tenant, WarmStartSet set, CancellationToken cancellationToken)
    {
        var recorded = await journal.AppendWarmStartAsync(tenant, set, time.GetUtcNow(), cancellationToken);
        State(tenant).Apply(recorded);
        return new WarmStartReceipt(set.Rows.Count, Duplicate: false, recorded.Sequence);
    }

    /// <inheritdoc/>
    public async ValueTask<WarmStartReceipt> QuizAsync(string tenant, QuizSet quiz, CancellationToken cancellationToken)
    {
        var recorded = await journal.AppendQuizAsync(tenant, quiz, time.GetUtcNow(), cancellationToken);
        State(tenant).Apply(recorded);
        return new WarmStartReceipt(State(tenant).QuizRows(quiz.ArmId), Duplicate: false, recorded.Sequence);
    }

    /// <inheritdoc/>
    public async ValueTask CompareAsync(string tenant, long ordinal, bool? differs, CancellationToken cancellationToken)
    {
        if (State(tenant).AwaitsComparison(ordinal))
        {
            State(tenant).Apply(await journal.AppendComparisonAsync(tenant, ordinal, differs, time.GetUtcNow(), cancellationToken));
        }
    }

    /// <inheritdoc/>
    public async ValueTask<BudgetResetReceipt> ResetBudgetAsync(string tenant, CancellationToken cancellationToken)
    {
        var before = State(tenant).Report();
        var recorded = await journal.AppendBudgetResetAsync(tenant, time.GetUtcNow(), cancellationToken);
        State(tenant).Apply(recorded);
        return new BudgetResetReceipt(recorded.Sequence, before, State(tenant).Report());
    }

    /// <inheritdoc/>
    public ValueTask DeleteTenantAsync(string tenant, CancellationToken cancellationToken)
    {
        _states.Remove(tenant);
        return journal.DeleteTenantAsync(tenant, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask ProbeAsync(CancellationToken cancellationToken) => journal.ProbeAsync(cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<DecisionRecord> DecideAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken)
    {
        var decision = State(tenant).Decide(request, time.GetUtcNow());
        await journal.AppendDecisionAsync(decision, cancellationToken);
        State(tenant).Apply(decision);
        return decision;
    }

    /// <inheritdoc/>
    public ValueTask<DecisionRecord> PreviewAsync(string tenant, DecisionRequest request, CancellationToken cancellationToken) =>
        ValueTask.FromResult(State(tenant).Decide(request, time.GetUtcNow(), decisionId: "preview"));

    public ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(string tenant, IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<QueryAssessment>>([.. requests.Select(request => State(tenant).Assess(request, time.GetUtcNow()))]);

    /// <inheritdoc/>
    public async ValueTask RerouteAsync(string tenant, Reroute reroute, CancellationToken cancellationToken)
    {
        if (await journal.FindDecisionAsync(tenant, reroute.DecisionId, cancellationToken) is not { Settlement: null } stored)
        {
            return;
        }

        var held = Math.Max(stored.ReservedUsd, stored.BoundUsd);
        var added = (reroute.AttemptsUsd ?? held) + Math.Max(reroute.ReservedUsd, reroute.BoundUsd) - held;
        if (State(tenant).Refuses(added, time.GetUtcNow()) is { } refusal)
        {
            throw new NoFeasibleArmException([KeyValuePair.Create(reroute.ToArm, ArmExclusions.OverHardCap)]) { HardCap = refusal };
        }

        Apply(tenant, await journal.AppendRerouteAsync(tenant, reroute, time.GetUtcNow(), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<WeighedAnswer?> ConsiderAsync(string tenant, Consideration consideration, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(consideration);
        if (await journal.FindDecisionAsync(tenant, consideration.DecisionId, cancellationToken) is not { Settlement: null, Decision: var decision } stored)
        {
            return null;
        }

        var weighed = State(tenant).Weigh(decision, consideration.Signals, consideration.SpentUsd, consideration.Unavailable, time.GetUtcNow());
        if (weighed is not null && stored.ServedArm != decision.ChosenArm)
        {
            return weighed with { Second = stored.ServedArm };
        }

        if (weighed?.Second is { } second)
        {
            var looks = decision.Arms.First(arm => arm.ArmId == second);
            Apply(tenant, await journal.AppendRerouteAsync(
                tenant, new Reroute(decision.DecisionId, second, looks.CostUsd, "Escalated", looks.BoundUsd, consideration.SpentUsd), time.GetUtcNow(), cancellationToken));
        }

        return weighed;
    }

    /// <inheritdoc/>
    public async ValueTask SettleAsync(string tenant, Settlement settlement, CancellationToken cancellationToken)
    {
        if (await journal.FindDecisionAsync(tenant, settlement.DecisionId, cancellationToken) is not { } stored)
        {
            return;
        }

        double Listed(string id, in TokenUsage usage) =>
            State(tenant).Configuration!.Arms.FirstOrDefault(arm => arm.Id == id)?.Prices.Cost(usage) ?? stored.ReservedUsd;

        var priced = settlement with
        {
            CostUsd = settlement.CostUsd ?? (settlement.Outcome == CallOutcome.Expired ? stored.ReservedUsd : Listed(stored.ServedArm, settlement.Usage)),
            FailedAttempts = [.. settlement.FailedAttempts.Select(attempt => attempt with { CostUsd = attempt.CostUsd ?? Listed(attempt.ArmId, attempt.Usage) })],
        };
        Apply(tenant, await journal.AppendSettlementAsync(tenant, priced, time.GetUtcNow(), cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<FeedbackReceipt>> SubmitFeedbackAsync(
        string tenant, IReadOnlyList<FeedbackSubmission> submissions, CancellationToken cancellationToken)
    {
        var receipts = await journal.AppendFeedbackAsync(tenant, submissions, time.GetUtcNow(), cancellationToken);
        foreach (var recorded in await journal.ReadEventsAsync(tenant, State(tenant).AppliedSequence, int.MaxValue, cancellationToken))
        {
            State(tenant).Apply(recorded);
        }

        return receipts;
    }

    /// <inheritdoc/>
    public ValueTask<StoredDecision?> FindDecisionAsync(string tenant, string decisionId, CancellationToken cancellationToken) =>
        journal.FindDecisionAsync(tenant, decisionId, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<StoredDecision>> FindDecisionsAsync(string tenant, IReadOnlyList<string> decisionIds, CancellationToken cancellationToken) =>
        journal.FindDecisionsAsync(tenant, decisionIds, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<string>> FindConversationAsync(string tenant, string? decisionId, ulong key, CancellationToken cancellationToken)
    {
        var last = decisionId is null ? State(tenant).FindConversation(key) : (await FindDecisionAsync(tenant, decisionId, cancellationToken))?.Decision.Ordinal ?? 0;
        return await ConversationTurns.ReadAsync(journal, tenant, last, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<TenantReport> DescribeAsync(string tenant, CancellationToken cancellationToken) =>
        ValueTask.FromResult(State(tenant).Report());

    private void Apply(string tenant, TenantEvent? recorded)
    {
        if (recorded is not null)
        {
            State(tenant).Apply(recorded);
        }
    }

    private TenantState State(string tenant)
    {
        if (!_states.TryGetValue(tenant, out var state))
        {
            _states.Add(tenant, state = TenantState.Create(tenant, model.Id, model.Reduction));
        }

        return state;
    }
}
