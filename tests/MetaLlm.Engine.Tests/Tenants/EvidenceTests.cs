using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Tenants;

/// <summary>Answers of models that did not serve, as a tenant's owner asks for them and learns from them.</summary>
public sealed class EvidenceTests
{
    private const string Tenant = RuntimeHarness.Tenant;
    private static readonly string[] Arms = ["small", "medium", "large"];

    [Fact]
    public async Task An_owner_says_whom_to_ask_and_learns_when_enough_has_come()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        Assert.Empty(await AskAsync(harness, await CallAsync(harness, 0, 0.5), left: 1));
        var learned = await BuyAsync(harness, 1, WarmStartSet.FewestRows);
        Assert.Equal(WarmStartSet.FewestRows, learned);
        Assert.Equal(WarmStartSet.FewestRows, (await harness.Runtime.DescribeAsync(default)).WarmStartRows);
        var found = (await harness.Journal.ReadEventsAsync(Tenant, 0, 1000, default)).OfType<EvidencedEvent>().Single();
        Assert.All(found.Set.Rows, row => Assert.DoesNotContain(double.NaN, row.Rewards));
    }

    [Fact]
    public async Task An_empty_purse_asks_nobody()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await AskAsync(harness, await CallAsync(harness, 0, 0.5), left: 1);
        Assert.Empty(await AskAsync(harness, await CallAsync(harness, 1, 0.5), left: 0));
        Assert.Equal(2, (await AskAsync(harness, await CallAsync(harness, 2, 0.5), left: 1)).Count);
        Assert.DoesNotContain("large", await AskAsync(harness, await CallAsync(harness, 4, 0.5), left: 1, "small", "medium"));
    }

    [Fact]
    public async Task Models_that_a_guarantee_keeps_from_serving_are_asked_all_the_same()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await harness.Runtime.ConfigureAsync(TestTenants.Configuration() with { Guarantee = new() { Reference = "large" } }, PolicyRestart.Refuse, default);
        await AskAsync(harness, await CallAsync(harness, 0, 0.5), left: 1);
        var decision = await CallAsync(harness, 1, 0.5);

        Assert.Equal("large", decision.ChosenArm);
        Assert.Equal(["small", "medium"], await AskAsync(harness, decision, left: 1));
    }

    [Fact]
    public async Task The_next_owner_goes_on_from_what_was_learned()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await AskAsync(harness, await CallAsync(harness, 0, 0.5), left: 1);
        await BuyAsync(harness, 1, WarmStartSet.FewestRows);
        var next = harness.StartOther();
        var decision = await CallAsync(harness, 50, 0.5, next);
        await next.ChooseEvidenceAsync(Question(decision.DecisionId, 1), default);
        decision = await CallAsync(harness, 51, 0.5, next);
        var receipt = await next.TellEvidenceAsync(decision.DecisionId, [], default);
        Assert.InRange(receipt.Queries, WarmStartSet.FewestRows, WarmStartSet.FewestRows + 2);
    }

    [Fact]
    public async Task A_policy_that_has_learned_from_far_more_is_not_made_to_forget_it()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        for (var i = 0; i < 60; i++)
        {
            await CallAsync(harness, i, 0.5);
        }

        await AskAsync(harness, await CallAsync(harness, 60, 0.5), left: 1);
        Assert.Empty(await AskAsync(harness, await CallAsync(harness, 61, 0.5), left: 1));
        Assert.Equal(0, (await harness.Runtime.DescribeAsync(default)).WarmStartRows);
    }

    [Fact]
    public async Task What_answers_took_is_learned_while_the_judges_are_still_at_it()
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await AskAsync(harness, await CallAsync(harness, 0, 0.5), left: 1);
        var learned = 0;
        for (var i = 1; i < 12 && learned == 0; i++)
        {
            var decision = await CallAsync(harness, i, 0.5);
            var asked = await AskAsync(harness, decision, left: 1);
            learned = (await harness.Runtime.TellEvidenceAsync(decision.DecisionId, [.. asked.Select(arm => Answer(arm, double.NaN))], default)).Learned;
        }

        Assert.InRange(learned, WarmStartSet.FewestRows, 12);
        var found = (await harness.Journal.ReadEventsAsync(Tenant, 0, 1000, default)).OfType<EvidencedEvent>().Single();
        Assert.Contains(found.Set.Rows, row => Enumerable.Range(0, Arms.Length).Any(a => double.IsNaN(row.Rewards[a]) && row.CostUsd[a] == 0.001));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_judge_that_contradicts_people_on_what_served_is_not_believed_on_what_others_answered(bool agrees)
    {
        var harness = await RuntimeHarness.StartConfiguredAsync();
        await AskAsync(harness, await CallAsync(harness, 0, 1), left: 1);
        var learned = 0;
        for (var i = 1; i < 30; i++)
        {
            var reward = i % 2;
            var decision = await CallAsync(harness, i, reward);
            var asked = await AskAsync(harness, decision, left: 1);
            EvidenceAnswer[] answers = [.. asked.Select(arm => Answer(arm, i % 3 == 0 ? 1 : 0)), Answer(decision.ChosenArm, agrees ? reward : i % 4 < 2 ? 0 : 1)];
            learned += (await harness.Runtime.TellEvidenceAsync(decision.DecisionId, answers, default)).Learned;
        }

        Assert.Equal(agrees, learned > 0);
    }

    [Fact]
    public async Task A_new_model_is_asked_and_handed_a_quiz()
    {
        const int Quiz = 20;
        var harness = await RuntimeHarness.StartConfiguredAsync();
        for (var i = 0; i < 10 * Quiz; i++)
        {
            await CallAsync(harness, i, 0.5);
        }

        var newcomer = new Arm { Id = "newcomer", Prices = TokenPrices.PerMillion(1, 4) };
        await harness.Runtime.ConfigureAsync(TestTenants.Configuration() with { Arms = [.. TestTenants.Configuration().Arms, newcomer] }, PolicyRestart.Refuse, default);
        await harness.Runtime.ChooseEvidenceAsync(Question((await CallAsync(harness, 100, 0.5)).DecisionId, 1) with { QuizRows = Quiz }, default);
        for (var i = 0; i < 80 && (await harness.Runtime.DescribeAsync(default)).Arms.Single(arm => arm.ArmId == "newcomer").QuizRows == 0; i++)
        {
            var decision = await CallAsync(harness, 101 + i, 0.5);
            var asked = await harness.Runtime.ChooseEvidenceAsync(Question(decision.DecisionId, 1) with { QuizRows = Quiz }, default);
            await harness.Runtime.TellEvidenceAsync(decision.DecisionId, [.. asked.Select(arm => Answer(arm, 1))], default);
        }

        var report = await harness.Runtime.DescribeAsync(default);
        Assert.Equal(Quiz, report.Arms.Single(arm => arm.ArmId == "newcomer").QuizRows);
    }

    private static async Task<int> BuyAsync(RuntimeHarness harness, int first, int queries)
    {
        var learned = 0;
        for (var i = first; learned == 0 && i < first + (3 * queries); i++)
        {
            var decision = await CallAsync(harness, i, 0.5);
            var asked = await AskAsync(harness, decision, left: 1);
            var receipt = await harness.Runtime.TellEvidenceAsync(decision.DecisionId, [.. asked.Select(arm => Answer(arm, 0.1 * Array.IndexOf(Arms, arm)))], default);
            learned = receipt.Learned;
        }

        return learned;
    }

    private static EvidenceAnswer Answer(string arm, double reward) => new(arm, reward, new TokenUsage(20, 0, 50), 0.001, 1);

    private static EvidenceQuestion Question(string decision, double left, params string[] models) =>
        new() { DecisionId = decision, PurseUsd = 1, LeftUsd = left, ExpectedRequests = 1000, Models = models };

    private static async Task<IReadOnlyList<string>> AskAsync(RuntimeHarness harness, DecisionRecord decision, double left, params string[] models) =>
        await harness.Runtime.ChooseEvidenceAsync(Question(decision.DecisionId, left, models), default);

    private static async Task<DecisionRecord> CallAsync(RuntimeHarness harness, int query, double reward, Engine.Tenants.TenantRuntime? owner = null)
    {
        var runtime = owner ?? harness.Runtime;
        var pending = await runtime.DecideAsync(TestTenants.Query(query), default);
        await pending.Durable;
        var at = harness.Time.GetUtcNow();
        var settlement = new Settlement { DecisionId = pending.Record.DecisionId, Outcome = CallOutcome.Completed, Usage = new TokenUsage(20, 0, 50), CostUsd = 0.001, LatencySeconds = 1 };
        runtime.DeliverSettled((await harness.Journal.AppendSettlementAsync(Tenant, settlement, at, default))!);

        // A newcomer that disappoints is not served for long: what it needs is asking.
        var earned = pending.Record.ChosenArm == "newcomer" ? 0 : reward;
        await harness.Journal.AppendFeedbackAsync(Tenant, [new FeedbackSubmission { DecisionId = pending.Record.DecisionId, Reward = earned }], at, default);
        await runtime.CatchUpAsync(default);
        return pending.Record;
    }
}
