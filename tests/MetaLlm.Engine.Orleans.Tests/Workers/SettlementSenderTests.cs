using MetaLlm.Core.Cascades;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Judging;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

public sealed class SettlementSenderTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly Owner _owner = new();
    private readonly SettlementSender _sender;

    public SettlementSenderTests() => _sender = new SettlementSender(_ => _owner);

    [Fact]
    public async Task What_is_settled_while_a_message_is_on_its_way_goes_with_the_next_one()
    {
        var gate = _owner.Gate = new TaskCompletionSource();
        Task[] sent = [.. Enumerable.Range(1, 5).Select(i => _sender.SendAsync("t", Settlement($"d-{i}")))];
        Assert.Equal(["d-1"], Assert.Single(_owner.Messages));
        Assert.All(sent, task => Assert.False(task.IsCompleted));

        _owner.Gate = null;
        gate.SetResult();
        await Task.WhenAll(sent).WaitAsync(Longest);
        Assert.Equal([["d-1"], ["d-2", "d-3", "d-4", "d-5"]], _owner.Messages);
    }

    [Fact]
    public async Task One_that_fails_takes_no_other_with_it()
    {
        var gate = _owner.Gate = new TaskCompletionSource();
        _owner.Refused = "d-3";
        Task[] sent = [.. Enumerable.Range(1, 5).Select(i => _sender.SendAsync("t", Settlement($"d-{i}")))];
        _owner.Gate = null;
        gate.SetResult();

        await Assert.ThrowsAsync<EngineUnavailableException>(() => sent[2].WaitAsync(Longest));
        await Task.WhenAll(sent[0], sent[1], sent[3], sent[4]).WaitAsync(Longest);
    }

    private static Settlement Settlement(string decisionId) =>
        new() { DecisionId = decisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(1, 0, 1) };

    private sealed class Owner : ITenantPolicyGrain
    {
        public List<string[]> Messages { get; } = [];

        public TaskCompletionSource? Gate { get; set; }

        public string? Refused { get; set; }

        public async ValueTask SettleAsync(IReadOnlyList<Settlement> settlements, CancellationToken cancellationToken)
        {
            lock (Messages)
            {
                Messages.Add([.. settlements.Select(settlement => settlement.DecisionId)]);
            }

            if (Gate is { } gate)
            {
                await gate.Task;
            }

            if (settlements.Any(settlement => settlement.DecisionId == Refused))
            {
                throw new EngineUnavailableException("The database is gone.");
            }
        }

        public ValueTask<RelearnReceipt> RelearnAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask ConfigureAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask CheckConfigurationAsync(Immutable<byte[]> configuration, PolicyRestart restart, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<int> GetShardsAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<WarmStartReceipt> WarmStartAsync(WarmStartSet set, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<WarmStartReceipt> QuizAsync(QuizSet quiz, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<IReadOnlyList<string>> ChooseEvidenceAsync(EvidenceQuestion question, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<EvidenceReceipt> TellEvidenceAsync(string decisionId, IReadOnlyList<EvidenceAnswer> answers, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<BudgetResetReceipt> ResetBudgetAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<DecisionRecord> DecideAsync(DecisionRequest request, Guid call, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<DecisionRecord> PreviewAsync(DecisionRequest request, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<IReadOnlyList<QueryAssessment>> AssessAsync(IReadOnlyList<DecisionRequest> requests, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask RerouteAsync(Reroute reroute, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<WeighedAnswer?> ConsiderAsync(Consideration consideration, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask CompareAsync(long ordinal, bool? differs, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<IReadOnlyList<string>> FindConversationAsync(string? decisionId, ulong key, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<TenantReport> DescribeAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<IReadOnlyList<JudgeReport>> DescribeJudgesAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask CheckpointAsync(CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask<DateTimeOffset?> SetBaseAsync(TimeSpan age, CancellationToken cancellationToken) => throw NotAsked();

        public ValueTask DeleteAsync(CancellationToken cancellationToken) => throw NotAsked();

        private static InvalidOperationException NotAsked() => new("Not asked for here.");
    }
}
