using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using MetaLlm.Extensions.AI.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Extensions.AI.Tests.Rewards;

[Collection(NodeGroup.Name)]
public sealed class FeedbackTests(Node node)
{
    [Fact]
    public async Task Votes_change_what_the_policy_knows_and_can_be_corrected_and_taken_back()
    {
        var response = await node.Client("votes").GetResponseAsync("Vote on this");
        var decision = response.GetRoutingDecision()!.DecisionId;
        var before = await node.ReportAsync("votes");
        var feedback = node.Feedback("votes");

        Assert.Equal(FeedbackStatus.Accepted, await feedback.SendAsync(Feedback.Thumb(response.ResponseId!, isUp: true)));
        Assert.Equal(FeedbackStatus.Duplicate, await feedback.SendAsync(Feedback.Thumb(decision, isUp: true)));
        Assert.Equal(1, (await node.SettledAsync("votes", decision)).Reward);
        Assert.NotEqual(before.StateHash, (await node.ReportAsync("votes")).StateHash);

        Assert.Equal(FeedbackStatus.Accepted, await feedback.SendAsync(Feedback.Score(decision, 0.25, "meh")));
        Assert.Equal(FeedbackStatus.Accepted, await feedback.SendAsync(Feedback.Correction(decision, 0.75)));
        Assert.Equal(0.75, (await node.SettledAsync("votes", decision)).Reward);
        Assert.Equal(FeedbackStatus.Accepted, await feedback.SendAsync(Feedback.Withdrawal(decision)));
        Assert.Null((await node.SettledAsync("votes", decision)).Reward);
        await feedback.FlushAsync();
    }

    [Fact]
    public async Task A_vote_on_a_conversation_reaches_each_of_its_turns()
    {
        var client = node.Client("votes");
        var options = new ChatOptions().WithRouting(new RoutingWishes { Session = "s-1" });
        List<ChatMessage> messages = [new(ChatRole.User, "First")];
        var first = await client.GetResponseAsync(messages, options);
        messages.AddRange([.. first.Messages, new(ChatRole.User, "Second")]);
        var second = await client.GetResponseAsync(messages, options);

        Assert.Equal(FeedbackStatus.Accepted, await node.Feedback("votes").SendAsync(Feedback.Thumb(second.ResponseId!, isUp: true) with { OfConversation = true }));
        foreach (var turn in (ChatResponse[])[first, second])
        {
            var stored = await node.SettledAsync("votes", turn.GetRoutingDecision()!.DecisionId);
            Assert.Equal((1.0, 0.5), (stored.Reward, stored.RewardWeight));
        }
    }

    [Fact]
    public async Task Feedback_that_cannot_be_taken_says_why()
    {
        var feedback = node.Feedback("votes");
        Assert.Equal(FeedbackStatus.UnknownDecision, await feedback.SendAsync(Feedback.Thumb("no-such-decision", isUp: true)));
        Assert.Equal(FeedbackStatus.UnknownDecision, await feedback.SendAsync(Feedback.Thumb("no-such-decision", isUp: true) with { OfConversation = true }));
        foreach (var (bad, field) in ((Feedback, string)[])[
            (Feedback.Score("d", 1.5), "Reward"), (Feedback.Score("d", double.NaN), "Reward"), (Feedback.Score("", 1), "DecisionId"),
            (Feedback.Score("d", 1) with { Weight = 0 }, "Weight"), (Feedback.Score("d", 1, new string('x', 4001)), "Comment"),
            (Feedback.Score("d", 1) with { Label = "a\0" }, "Label"), (Feedback.Score("d", 1) with { IdempotencyKey = "unkeyed:1" }, "IdempotencyKey")])
        {
            var refused = feedback.SendAsync(bad);
            var error = Assert.IsType<MetaLlmException>(refused.Exception!.InnerException);
            Assert.Equal(("invalid_value", field), (error.Code, error.Parameter));
        }
    }

    [Fact]
    public async Task A_browser_votes_with_a_token_and_without_a_key()
    {
        using var http = new HttpClient { BaseAddress = node.Address };
        var tokens = node.Services.GetRequiredKeyedService<FeedbackTokens>("browsers");
        var response = await node.Client("browsers").GetResponseAsync("Vote in a browser");
        var decision = response.GetRoutingDecision()!.DecisionId;
        var token = tokens.Create(response.ResponseId!);

        Assert.Equal((HttpStatusCode.OK, "accepted"), await VoteAsync(http, new { token, reward = 1, comment = "good" }));
        Assert.Equal(1, (await node.SettledAsync("browsers", decision)).Reward);
        Assert.Equal((HttpStatusCode.OK, "accepted"), await VoteAsync(http, new { token, reward = 0 }));
        Assert.Equal((HttpStatusCode.OK, "accepted"), await VoteAsync(http, new { token, reward = (int?)null }));
        Assert.Null((await node.SettledAsync("browsers", decision)).Reward);

        var ofOther = node.Services.GetRequiredKeyedService<FeedbackTokens>("votes").Create(decision);
        foreach (var bad in (string?[])[null, "", "nonsense", token[..^2] + "xx", ofOther])
        {
            Assert.Equal((HttpStatusCode.Forbidden, "invalid_token"), await VoteAsync(http, new { token = bad, reward = 1 }));
        }

        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), await VoteAsync(http, new { token }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), await VoteAsync(http, new { token, reward = "1" }));
        Assert.Equal((HttpStatusCode.BadRequest, "invalid_value"), await VoteAsync(http, new { token, reward = 2 }));
        Assert.Equal((HttpStatusCode.NotFound, "decision_not_found"), await VoteAsync(http, new { token = tokens.Create("no-such-decision"), reward = 1 }));
        using var huge = await http.PostAsJsonAsync("/feedback", new { token, reward = 1, comment = new string('x', 40_000) });
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, huge.StatusCode);
        using var form = await http.PostAsync("/feedback", new FormUrlEncodedContent([new("token", token), new("reward", "1")]));
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, form.StatusCode);
        Assert.Null((await node.SettledAsync("browsers", decision)).Reward);
    }

    private static async Task<(HttpStatusCode Status, string? Word)> VoteAsync(HttpClient http, object vote)
    {
        using var answer = await http.PostAsJsonAsync("/feedback", vote);
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, (body.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.String ? status : body.GetProperty("code")).GetString());
    }
}
