using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;

namespace MetaLlm.Engine.Tests.Journal;

/// <summary>Which feedback is a duplicate. A post is a reward (u up, d down, m in between), with a key after a colon where it has one; calls are apart by commas.</summary>
public sealed class DuplicateFeedbackTests
{
    private const string Tenant = "acme";
    private static readonly DateTimeOffset Noon = new(2026, 1, 5, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("u, u", "A D")]
    [InlineData("u, d, u", "A A A")]
    [InlineData("u, d, d, u, u", "A A D A D")]
    [InlineData("u:k, d:k, u:k", "A D D")]
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
    [InlineData("u:k d, u:k d", "A A D D")]
    [InlineData("d, u:k d, u:k d", "A A A D D")]
    [InlineData("m:k, u, d m:k, d m:k", "A A A D D D")]
    public void Feedback_is_a_duplicate_by_its_key_or_by_what_is_in_force(string calls, string statuses)
    {
        var transaction = WithDecisions(1);

        var told = calls.Split(", ").SelectMany(call => transaction.Reward(Tenant, [.. call.Split(' ').Select(Parse)], Noon)).ToList();

        Assert.Equal(statuses, string.Join(' ', told.Select(receipt => receipt.Status == FeedbackStatus.Accepted ? 'A' : 'D')));
        Assert.Equal(told.Count(receipt => receipt.Recorded is not null), transaction.Events.Count);
        Assert.Equal(transaction.Events.Count, transaction.FindHead(Tenant)!.FindDecision("d-1")!.FeedbackCount);
    }

    [Fact]
    public void Whatever_was_posted_the_same_call_again_changes_nothing()
    {
        var random = new Random(20260105);
        string[] posts = ["u", "d", "m", "u:k", "d:k", "m:l", "d:l"];
        for (var round = 0; round < 2000; round++)
        {
            var transaction = WithDecisions(2);
            for (var i = 0; i < 4; i++)
            {
                FeedbackSubmission[] call =
                [
                    .. Enumerable.Range(0, random.Next(1, 5)).Select(_ => Parse(posts[random.Next(posts.Length)]) with { DecisionId = $"d-{random.Next(1, 3)}" }),
                ];
                transaction.Reward(Tenant, call, Noon);
                var events = transaction.Events.Count;

                Assert.All(transaction.Reward(Tenant, call, Noon), receipt => Assert.Equal(FeedbackStatus.Duplicate, receipt.Status));
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
        IdempotencyKey = post.Length > 1 ? post[2..] : null,
    };
}
