using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

/// <summary>Which feedback is a duplicate. A post is a reward (u up, d down, m in between, n taken back), with a key after a colon where it has one; calls are apart by commas.</summary>
public sealed class DuplicateFeedbackTests
{
    private const string Tenant = "acme";
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("u, u", "A D")]
    [InlineData("u, d, u", "A A A")]
    [InlineData("u, d, d, u, u", "A A D A D")]
    [InlineData("u:k, d:k, u:k", "A C D")]
    [InlineData("u:k, n:k, d, n, u:k", "A C A A D")]
    [InlineData("u:k, d:l, u:k", "A A D")]
    [InlineData("u:k, u:l", "A A")]
    [InlineData("u:k, u", "A D")]
    [InlineData("u, u:k, u:k", "A A D")]
    [InlineData("u:k, d, u, u:k", "A A A D")]
    [InlineData("u u", "A D")]
    [InlineData("u d u", "A A A")]
    [InlineData("u d, u d", "A A D D")]
    [InlineData("u d, d u", "A A D A")]
    [InlineData("u d u, d", "A A A A")]
    [InlineData("u d:k, u d:k", "A A D D")]
    [InlineData("u:k d:k, u:k d:k", "A C D C")]
    [InlineData("n, n:k, u, n, n, u, n:k, d:k", "D D A A D A A C")]
    [InlineData("u n, u n", "A A D D")]
    [InlineData("u:k n:l, u:k n:l", "A A D D")]
    [InlineData("u:k d, u:k d", "A A D D")]
    [InlineData("d, u:k d, u:k d", "A A A D D")]
    [InlineData("m:k, u, d m:k, d m:k", "A A A D D D")]
    public void Feedback_is_a_duplicate_by_its_key_or_by_what_is_in_force(string calls, string statuses)
    {
        var transaction = WithDecisions(1);

        var told = calls.Split(", ").SelectMany(call => transaction.Reward(Tenant, [.. call.Split(' ').Select(Parse)], Noon)).ToList();

        Assert.Equal(statuses, string.Join(' ', told.Select(receipt => receipt.Status switch
        {
            FeedbackStatus.Accepted => 'A',
            FeedbackStatus.Conflict => 'C',
            _ => 'D',
        })));
        Assert.Equal(told.Count(receipt => receipt.Recorded is not null), transaction.Events.Count);
        Assert.Equal(transaction.Events.Count, transaction.FindHead(Tenant)!.FindDecision("d-1")!.FeedbackCount);
    }

    [Fact]
    public void Whatever_was_posted_the_same_call_again_changes_nothing()
    {
        var random = new Random(20260105);
        string[] posts = ["u", "d", "m", "n", "u:k", "d:k", "m:l", "d:l", "n:o"];
        for (var round = 0; round < 2000; round++)
        {
            var transaction = WithDecisions(2);
            var all = new List<string>();
            for (var i = 0; i < 4; i++)
            {
                FeedbackSubmission[] call =
                [
                    .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Parse(posts[random.Next(posts.Length)]) with { DecisionId = $"d-{random.Next(1, 3)}" }),
                ];
                var first = transaction.Reward(Tenant, call, Noon);
                all.Add(string.Join(' ', call.Zip(first, (post, receipt) => $"{post.DecisionId} {(post.IsWithdrawal ? "n" : $"{post.Reward}")}:{post.IdempotencyKey} {receipt.Status},")) + ";");
                var events = transaction.Events.Count;

                var again = transaction.Reward(Tenant, call, Noon);
                Assert.True(
                    again.All(receipt => receipt.Status != FeedbackStatus.Accepted),
                    $"{string.Join(' ', all)}: {string.Join(' ', again.Select(receipt => receipt.Status))}");
                Assert.Equal(events, transaction.Events.Count);
            }
        }
    }

    [Fact]
    public void Weight_label_and_comment_are_content_too_and_compared_as_they_are_kept()
    {
        var transaction = WithDecisions(1);
        FeedbackSubmission[] posts = [Parse("u"), Parse("u") with { Weight = 0.5 }, Parse("u") with { Label = "l" }, Parse("u") with { Label = "l", Comment = "a\0b" }];
        foreach (var post in posts)
        {
            Assert.Equal(FeedbackStatus.Accepted, transaction.Reward(Tenant, [post], Noon)[0].Status);
            Assert.Equal(FeedbackStatus.Duplicate, transaction.Reward(Tenant, [post with { }], Noon)[0].Status);
        }

        Assert.Equal("a\uFFFDb", transaction.Feedback[^1].Feedback.Comment);
    }

    [Fact]
    public void A_default_is_taken_once_and_only_before_feedback_which_corrects_it_whatever_it_says()
    {
        var transaction = WithDecisions(1);
        var missing = Parse("u") with { IsDefault = true };

        Assert.Equal(FeedbackStatus.Accepted, transaction.Reward(Tenant, [missing], Noon)[0].Status);
        Assert.Equal(FeedbackStatus.Duplicate, transaction.Reward(Tenant, [missing], Noon)[0].Status);
        Assert.Empty(transaction.Feedback);
        Assert.Equal(FeedbackStatus.Accepted, transaction.Reward(Tenant, [Parse("u")], Noon)[0].Status);
        Assert.Equal(FeedbackStatus.Duplicate, transaction.Reward(Tenant, [missing], Noon)[0].Status);
        Assert.Equal(1, transaction.FindHead(Tenant)!.FindDecision("d-1")!.FeedbackCount);
    }

    [Fact]
    public void The_journals_own_keys_are_unlike_each_other_and_any_client_s()
    {
        var transaction = WithDecisions(2);
        transaction.Reward(Tenant, [Parse("u"), Parse("d"), Parse("u"), Parse("u") with { DecisionId = "d-2" }], Noon);

        Assert.Equal(4, transaction.Feedback.Select(row => row.Key).Distinct().Count());
        Assert.All(transaction.Feedback, row => Assert.NotNull(JournalArguments.KeyFault(row.Key)));
        Assert.Null(JournalArguments.KeyFault("vote-77"));
    }

    [Fact]
    public void A_reward_that_is_taken_back_is_gone_and_no_default_comes_in_its_place()
    {
        var transaction = WithDecisions(1);
        transaction.Reward(Tenant, [Parse("u") with { Weight = 0.5 }], Noon);
        var receipt = transaction.Reward(Tenant, [Parse("n") with { Label = "undo" }], Noon)[0];

        var recorded = receipt.Recorded!;
        Assert.Equal((true, 1, 1, 0.5, 0.5), (recorded.Withdrawn, recorded.Reward, recorded.PreviousReward, recorded.Weight, recorded.PreviousWeight));
        var decision = transaction.FindHead(Tenant)!.FindDecision("d-1")!;
        Assert.Equal((null, null, 2), (decision.Reward, decision.RewardWeight, decision.FeedbackCount));
        Assert.Equal(FeedbackStatus.Duplicate, transaction.Reward(Tenant, [Parse("u") with { IsDefault = true }], Noon)[0].Status);

        var anew = transaction.Reward(Tenant, [Parse("d")], Noon)[0].Recorded!;
        Assert.Equal((0, null, 1), (anew.Reward, anew.PreviousReward, anew.PreviousWeight));
    }

    [Fact]
    public void A_default_is_nobodys_word_and_cannot_be_taken_back()
    {
        var transaction = WithDecisions(1);
        transaction.Reward(Tenant, [Parse("u") with { IsDefault = true }], Noon);
        Assert.Equal(FeedbackStatus.Duplicate, transaction.Reward(Tenant, [Parse("n")], Noon)[0].Status);
        Assert.Equal(1, transaction.FindHead(Tenant)!.FindDecision("d-1")!.Reward);
    }

    [Theory]
    [InlineData(CallOutcome.Completed, 10, FeedbackStatus.Accepted)]
    [InlineData(CallOutcome.Completed, 0, FeedbackStatus.Accepted)]
    [InlineData(CallOutcome.Cut, 10, FeedbackStatus.Accepted)]
    [InlineData(CallOutcome.Aborted, 10, FeedbackStatus.Accepted)]
    [InlineData(CallOutcome.Expired, 0, FeedbackStatus.Accepted)]
    [InlineData(CallOutcome.Aborted, 0, FeedbackStatus.NeverRan)]
    [InlineData(CallOutcome.Failed, 0, FeedbackStatus.NeverRan)]
    [InlineData(CallOutcome.Failed, 10, FeedbackStatus.NeverRan)]
    public void What_gave_no_answer_cannot_be_judged(CallOutcome outcome, double tokens, FeedbackStatus status)
    {
        var transaction = WithDecisions(1);
        transaction.Settle(Tenant, new Settlement { DecisionId = "d-1", Outcome = outcome, Usage = new TokenUsage(tokens, 0, 0) }, 0, Noon);
        Assert.Equal(status, transaction.Reward(Tenant, [Parse("u")], Noon)[0].Status);
        Assert.Equal(status == FeedbackStatus.Accepted ? 2 : 1, transaction.Events.Count);
    }

    [Fact]
    public void A_report_is_settled_before_its_reward_unless_its_key_says_otherwise()
    {
        var transaction = WithDecisions(2);
        Settlement Report(string id) => new() { DecisionId = id, Outcome = CallOutcome.Completed, Usage = new TokenUsage(5, 0, 2), CostUsd = 0.25 };

        var receipts = transaction.Reward(
            Tenant,
            [
                Parse("u:k") with { Settlement = Report("d-1") },
                Parse("d:l") with { Settlement = Report("d-1") },
                Parse("u:k") with { DecisionId = "d-2" },
                Parse("d:k") with { DecisionId = "d-2", Settlement = Report("d-2") },
            ],
            Noon);

        Assert.Equal([FeedbackStatus.Accepted, FeedbackStatus.Accepted, FeedbackStatus.Accepted, FeedbackStatus.Conflict], receipts.Select(receipt => receipt.Status));
        Assert.Equal((1, 2, 0.25), (receipts[0].Settled!.Sequence, receipts[0].Sequence, receipts[0].Recorded!.Decision.SettledUsd));
        Assert.Equal([null, null, null], receipts.Skip(1).Select(receipt => receipt.Settled));
        Assert.Equal(4, transaction.Events.Count);
    }

    private static JournalTransaction WithDecisions(int count)
    {
        var transaction = new JournalTransaction();
        transaction.Append(Tenant, [.. Enumerable.Range(1, count).Select(ordinal => DecisionCodec.Encode(TestTenants.Decision(Tenant, ordinal, 0)))]);
        return transaction;
    }

    private static FeedbackSubmission Parse(string post) => new()
    {
        DecisionId = "d-1",
        Reward = post[0] switch { 'u' => 1, 'd' => 0, _ => 0.5 },
        IsWithdrawal = post[0] == 'n',
        IdempotencyKey = post.Length > 1 ? post[2..] : null,
    };
}
