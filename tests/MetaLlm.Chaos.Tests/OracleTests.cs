using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Tests;

/// <summary>The oracle finds what was planted, and nothing where nothing was.</summary>
public sealed class OracleTests
{
    private const string One = "one";
    private const string Two = "two";

    private readonly TenantLedger _ledger = new(3);

    public OracleTests()
    {
        _ledger.HandedOut(One);
        _ledger.HandedOut(Two);
        Tell(One, "a", 0.25);
        Tell(One, "b", 0.75);
    }

    private static Dictionary<string, StoredDecision> Kept => new()
    {
        [One] = new StoredDecision(true, 2, 0.75),
        [Two] = new StoredDecision(true, 0, null),
    };

    private static StoredTenant Stored => new(Kept, 2, 0.75, 1, Hashes("x", "x"));

    [Fact]
    public void What_is_kept_is_no_finding() => Assert.Empty(Compare(Stored));

    [Fact]
    public void A_decision_that_is_gone_is_lost() =>
        Assert.Equal(FindingKind.Lost, Assert.Single(Compare(Stored with { Decisions = new Dictionary<string, StoredDecision>(Kept) { [Two] = default } })).Kind);

    [Fact]
    public void Feedback_that_a_decision_does_not_have_is_lost() =>
        Assert.Equal(FindingKind.Lost, Assert.Single(Compare(Stored with { Decisions = new Dictionary<string, StoredDecision>(Kept) { [One] = new(true, 1, 0.25) } })).Kind);

    [Fact]
    public void Feedback_that_a_decision_has_too_often_is_doubled() =>
        Assert.Equal(FindingKind.Doubled, Assert.Single(Compare(Stored with { Decisions = new Dictionary<string, StoredDecision>(Kept) { [One] = new(true, 3, 0.75) } })).Kind);

    [Fact]
    public void A_reward_that_was_not_applied_is_lost() =>
        Assert.Equal(FindingKind.Lost, Assert.Single(Compare(Stored with { RewardsApplied = 1 })).Kind);

    [Fact]
    public void A_reward_that_was_applied_twice_is_doubled() =>
        Assert.Equal(FindingKind.Doubled, Assert.Single(Compare(Stored with { RewardsApplied = 3 })).Kind);

    [Fact]
    public void A_sum_of_rewards_that_is_too_large_is_doubled() =>
        Assert.Equal(FindingKind.Doubled, Assert.Single(Compare(Stored with { RewardSum = 1.5 })).Kind);

    [Fact]
    public void A_sum_of_rewards_that_is_too_small_is_lost() =>
        Assert.Equal(FindingKind.Lost, Assert.Single(Compare(Stored with { RewardSum = 0 })).Kind);

    [Fact]
    public void Hosts_that_report_other_states_disagree() =>
        Assert.Equal(FindingKind.Disagreement, Assert.Single(Compare(Stored with { Hashes = Hashes("x", "y") })).Kind);

    [Fact]
    public void An_id_that_is_handed_out_again_is_reused()
    {
        _ledger.HandedOut(Two);
        Assert.Equal(FindingKind.Reused, Assert.Single(Compare(Stored)).Kind);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Feedback_without_an_answer_may_count_or_not(int applied)
    {
        _ledger.Sent(new Feedback(Two, "c", 1));
        Assert.Empty(Compare(Stored with { RewardsApplied = applied }));
    }

    [Fact]
    public void Feedback_without_an_answer_excuses_no_more_than_itself()
    {
        _ledger.Sent(new Feedback(Two, "c", 1));
        Assert.Equal(FindingKind.Doubled, Assert.Single(Compare(Stored with { RewardsApplied = 4 })).Kind);
    }

    [Fact]
    public void Feedback_that_is_acknowledged_again_counts_once()
    {
        Tell(One, "a", 0.25);
        Assert.Equal(2, _ledger.Feedback);
        Assert.Empty(Compare(Stored));
    }

    [Fact]
    public void Only_what_was_told_since_is_looked_for_again_unless_all_is_asked_for()
    {
        Assert.Equal(2, _ledger.Take(all: false).Decisions.Count);
        Assert.Empty(_ledger.Take(all: false).Decisions);
        Tell(Two, "a", 1);
        Assert.Equal(new PromisedDecision(Two, 1, 1), Assert.Single(_ledger.Take(all: false).Decisions));
        Assert.Equal(2, _ledger.Take(all: true).Decisions.Count);
    }

    private static Dictionary<string, string?> Hashes(string first, string second) => new() { ["host 0"] = first, ["host 1"] = second };

    private IReadOnlyList<Finding> Compare(StoredTenant stored) => Oracle.Compare(_ledger.Take(all: true), stored);

    private void Tell(string decision, string key, double reward)
    {
        var feedback = new Feedback(decision, key, reward);
        _ledger.Sent(feedback);
        _ledger.Acknowledged(feedback);
    }
}
