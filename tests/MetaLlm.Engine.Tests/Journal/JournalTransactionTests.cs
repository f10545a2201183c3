using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

public sealed class JournalTransactionTests
{
    private const string Tenant = "acme";
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(4, 7)]
    [InlineData(6, 7)]
    [InlineData(5, 8)]
    public void Decisions_that_do_not_continue_the_journal_are_fenced_off_without_a_trace(long ordinal, long appliedSequence)
    {
        var transaction = Loaded(lastOrdinal: 4, lastSequence: 7);

        Assert.Throws<FencedException>(() => transaction.Append(Tenant, Encoded(ordinal, appliedSequence)));

        Assert.False(transaction.HasChanges);
        Assert.False(transaction.FindHead(Tenant)!.Moved);
        Assert.Null(transaction.FindHead(Tenant)!.FindDecision($"d-{ordinal}"));
    }

    [Fact]
    public void Decisions_that_continue_the_journal_move_its_head()
    {
        var transaction = Loaded(lastOrdinal: 4, lastSequence: 7);

        Assert.Equal(2, transaction.Append(Tenant, [.. Encoded(5, 7), .. Encoded(6, 7)]));

        var head = transaction.FindHead(Tenant)!;
        Assert.Equal((true, 6L, 7L), (head.Moved, head.LastOrdinal, head.LastSequence));
        Assert.Equal([5, 6], transaction.Decisions.Select(row => row.Encoded.Decision.Ordinal));
        Assert.All(transaction.Decisions, row => Assert.Same(head, row.Head));
    }

    [Fact]
    public void A_new_tenant_gets_a_head_from_what_may_be_its_first_write_and_from_nothing_else()
    {
        var transaction = new JournalTransaction();

        Assert.Throws<FencedException>(() => transaction.Append(Tenant, Encoded(2, 0)));
        Assert.Null(transaction.Reroute(Tenant, new Reroute("d-1", "large", 0.2, "timeout"), Noon));
        Assert.Null(transaction.Settle(Tenant, Settlement(), 0.3, Noon));
        Assert.Equal([new("d-1", FeedbackStatus.UnknownDecision, null)], transaction.Reward(Tenant, [Feedback(1, "k")], Noon));
        Assert.Empty(transaction.Heads);

        var configuration = TestTenants.Configuration();
        var encoded = TenantConfigurationJson.Encode(configuration);
        Assert.Equal(1, transaction.Append(Tenant, sequence => new ConfiguredEvent { Sequence = sequence, At = Noon, Configuration = configuration }, encoded).Sequence);
        var head = Assert.Single(transaction.Heads);
        Assert.Equal((Tenant, 0L, true), (head.Tenant, head.Key, head.Moved));
        Assert.Same(encoded, Assert.Single(transaction.Events).Encoded);
    }

    [Fact]
    public void Events_follow_the_head_and_carry_what_was_in_force_before_them()
    {
        var transaction = Loaded(lastOrdinal: 0, lastSequence: 7);
        var decision = Encoded(1, 7);
        transaction.Append(Tenant, decision);

        var before = transaction.Reward(Tenant, [Feedback(0.25, "before") with { Weight = 0.5 }], Noon)[0].Recorded!;
        var rerouted = transaction.Reroute(Tenant, new Reroute("d-1", "large", 0.2, "5\0", 0.5), Noon)!;
        var settled = transaction.Settle(Tenant, Settlement(), 0.3, Noon)!;
        var after = transaction.Reward(Tenant, [Feedback(1, "after")], Noon)[0].Recorded!;

        var facts = DecisionFacts.Of(decision[0].Decision);
        Assert.Equal(facts, before.Decision);
        Assert.Equal((null, 1), (before.PreviousReward, before.PreviousWeight));
        Assert.Equal((facts, "5\uFFFD"), (rerouted.Decision, rerouted.Reason));
        Assert.Equal(facts with { ServedArm = "large", ReservedUsd = 0.2, BoundUsd = 0.02 + 0.5 }, settled.Decision);
        Assert.True(double.IsNaN(settled.LatencySeconds));
        Assert.Equal(facts with { ServedArm = "large", ReservedUsd = 0.2, BoundUsd = 0.02 + 0.5, SettledUsd = 0.3 }, after.Decision);
        Assert.Equal((0.25, 0.5), (after.PreviousReward, after.PreviousWeight));
        Assert.Equal([8, 9, 10, 11], transaction.Events.Select(row => row.Event.Sequence));
        Assert.Equal(11, transaction.FindHead(Tenant)!.LastSequence);
        var state = Assert.Single(transaction.FindHead(Tenant)!.Decisions);
        Assert.Equal((true, 10, 1, 1, 2), (state.Changed, state.SettledSequence, state.Reward, state.RewardWeight, state.FeedbackCount));
    }

    [Fact]
    public void A_settled_decision_is_neither_settled_again_nor_rerouted()
    {
        var transaction = new JournalTransaction();
        var head = new TenantHead(Tenant, 1, 1, 3);
        transaction.AddHead(head);
        head.AddDecision(new DecisionState(DecisionFacts.Of(TestTenants.Decision(Tenant, 1, 0)) with { SettledUsd = 0.3 }, settledSequence: 3));

        Assert.Null(transaction.Settle(Tenant, Settlement(), 0.9, Noon));
        Assert.Null(transaction.Reroute(Tenant, new Reroute("d-1", "large", 0.2, "late"), Noon));
        Assert.False(transaction.HasChanges);
        Assert.False(Assert.Single(head.Decisions).Changed);
    }

    private static JournalTransaction Loaded(long lastOrdinal, long lastSequence)
    {
        var transaction = new JournalTransaction();
        transaction.AddHead(new TenantHead(Tenant, key: 1, lastOrdinal, lastSequence));
        return transaction;
    }

    private static EncodedDecision[] Encoded(long ordinal, long appliedSequence) =>
        [DecisionCodec.Encode(TestTenants.Decision(Tenant, ordinal, appliedSequence))];

    private static FeedbackSubmission Feedback(double reward, string? key) => new() { DecisionId = "d-1", Reward = reward, IdempotencyKey = key };

    private static Settlement Settlement() => new() { DecisionId = "d-1", Outcome = CallOutcome.Completed, Usage = new TokenUsage(100, 20, 30.5) };
}
