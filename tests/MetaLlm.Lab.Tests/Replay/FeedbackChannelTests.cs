using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class FeedbackChannelTests
{
    private static readonly ReplayOptions Plain = new() { DataDirectory = "d", JsonFile = "f", Policies = ["random"] };

    [Fact]
    public void Without_delay_a_reward_arrives_with_its_own_request() =>
        Assert.Equal(["0@0", "1@1", "2@2"], Arrivals(Plain, 3));

    [Fact]
    public void A_delay_counts_requests_and_what_is_underway_at_the_end_never_arrives() =>
        Assert.Equal(["0@2", "1@3"], Arrivals(Plain with { Delay = 2 }, 4));

    [Fact]
    public void Duplicates_are_dropped_whatever_the_delay()
    {
        Assert.Equal(Arrivals(Plain, 50), Arrivals(Plain with { Duplicates = 1 }, 50));
        Assert.Equal(Arrivals(Plain with { Delay = 7 }, 50), Arrivals(Plain with { Delay = 7, Duplicates = 0.5 }, 50));
    }

    [Fact]
    public void The_stated_share_of_rewards_is_lost() =>
        Assert.InRange(Arrivals(Plain with { Missing = 0.7 }, 2000).Count, 520, 680);

    [Fact]
    public void All_can_be_lost() => Assert.Empty(Arrivals(Plain with { Missing = 1 }, 20));

    [Fact]
    public void Duplicates_do_not_change_which_rewards_are_lost() =>
        Assert.Equal(Arrivals(Plain with { Missing = 0.5 }, 60), Arrivals(Plain with { Missing = 0.5, Duplicates = 0.5 }, 60));

    [Fact]
    public void A_flipped_reward_is_the_opposite_and_nothing_else_changes()
    {
        Assert.All(Rewards(Plain with { Flipped = 1 }, 20), f => Assert.Equal((0.25, null), (f.Reward, f.PreviousReward)));
        Assert.InRange(Rewards(Plain with { Flipped = 0.05 }, 2000).Count(f => f.Reward == 0.25), 70, 130);
        Assert.Equal(Arrivals(Plain with { Missing = 0.5 }, 60), Arrivals(Plain with { Missing = 0.5, Flipped = 0.5 }, 60));
    }

    [Fact]
    public void A_correction_comes_later_and_names_what_it_replaces()
    {
        var rewards = Rewards(Plain with { Corrections = 1, Duplicates = 1 }, FeedbackChannel.CorrectionDelay + 3);

        Assert.Equal(FeedbackChannel.CorrectionDelay + 3, rewards.Count(f => f is { Reward: 0.25, PreviousReward: null }));
        Assert.Equal(["0", "1", "2"], rewards.Where(f => f is { Reward: 0.75, PreviousReward: 0.25 }).Select(f => f.Decision.DecisionId));
    }

    private static List<Feedback> Rewards(ReplayOptions options, int requests)
    {
        var channel = new FeedbackChannel(options, seed: 1);
        var rewards = new List<Feedback>();
        for (var t = 0; t < requests; t++)
        {
            channel.Send(t, Decision($"{t}"), 0.75);
            rewards.AddRange(channel.Receive(t));
        }

        return rewards;
    }

    private static List<string> Arrivals(ReplayOptions options, int requests)
    {
        var channel = new FeedbackChannel(options, seed: 1);
        var arrivals = new List<string>();
        for (var t = 0; t < requests; t++)
        {
            channel.Send(t, Decision($"{t}"), 1);
            arrivals.AddRange(channel.Receive(t).Select(f => $"{f.Decision.DecisionId}@{t}"));
        }

        return arrivals;
    }

    private static DecisionFacts Decision(string id) => new()
    {
        DecisionId = id,
        Ordinal = 1,
        ServedArm = "a",
        FeatureSchema = "x",
        Context = [1],
        Propensity = 1,
        ReservedUsd = 0,
        Pinned = false,
        At = DateTimeOffset.UnixEpoch,
    };
}
