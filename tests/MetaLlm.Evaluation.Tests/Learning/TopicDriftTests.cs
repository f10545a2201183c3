using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Evaluation.Learning;

namespace MetaLlm.Evaluation.Tests.Learning;

/// <summary>Requests of a few kinds, each a cloud of contexts: a kind that was not there before must be found, and nothing where nothing is new.</summary>
public sealed class TopicDriftTests
{
    private const int Dimension = 24;
    private const int Count = 1500;

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.15)]
    [InlineData(0.6)]
    public void A_new_kind_is_found_with_its_share_and_examples_of_it(double share)
    {
        var drift = TopicDrift.Of(Decisions(1, i => i >= Count * 2 / 3 && Uniform(1, 7, i) < share ? 9 : i % 4))!;

        Assert.True(drift.IsNew, $"{drift.PValue} {drift.Share}");
        Assert.Equal(share, drift.Share, 0.04);
        Assert.Equal((700, 500), (drift.Earlier, drift.Newer));
        Assert.Equal(3, drift.Examples.Count);
        Assert.All(drift.Examples, id => Assert.EndsWith("-9", id, StringComparison.Ordinal));
    }

    [Fact]
    public void Where_nothing_changes_an_alarm_is_as_rare_as_is_said()
    {
        // 200 logs: at .05 some ten are below, and none at the level of an alarm.
        double[] found = [.. Enumerable.Range(0, 200).Select(seed => TopicDrift.Of(Decisions(seed, i => (int)(Uniform(seed, 5, i) * 4)))!).Select(drift =>
        {
            Assert.False(drift.IsNew);
            Assert.Empty(drift.Examples);
            return drift.PValue;
        })];
        Assert.InRange(found.Count(value => value <= 0.05), 1, 20);
    }

    [Fact]
    public void Repeated_requests_are_nothing_new() =>
        Assert.False(TopicDrift.Of([.. Decisions(3, _ => 0).Select(one => one with { Decision = one.Decision with { Context = [1, 2] } })])!.IsNew);

    [Fact]
    public void Too_few_decisions_and_those_of_other_features_say_nothing()
    {
        Assert.Null(TopicDrift.Of([]));
        Assert.Null(TopicDrift.Of([.. Decisions(1, _ => 0).Take(TopicDrift.Fewest - 1)]));
        StoredDecision[] half = [.. Decisions(1, _ => 0).Select((one, i) => i < Count - 400 ? one with { Decision = one.Decision with { FeatureSchema = "earlier", Context = [1] } } : one)];
        Assert.Equal((266, 134), (TopicDrift.Of(half)!.Earlier, TopicDrift.Of(half)!.Newer));
        Assert.Null(TopicDrift.Of([.. half.Take(Count - 400), .. half[^100..]]));
    }

    private static StoredDecision[] Decisions(int seed, Func<int, int> kind) => [.. Enumerable.Range(0, Count).Select(i => new StoredDecision
    {
        Decision = new DecisionRecord
        {
            Tenant = "acme",
            DecisionId = $"d-{i}-{kind(i)}",
            Ordinal = i + 1,
            AppliedSequence = 0,
            At = DateTimeOffset.UnixEpoch.AddMinutes(i),
            Policy = "metallm",
            PolicyVersion = 1,
            FeatureSchema = "s",
            Context = [.. Enumerable.Range(0, Dimension).Select(x => (float)((3 * Uniform(99, (ulong)(100 + kind(i)), x)) + Uniform(seed, (ulong)(1000 + x), i)))],
            Task = null,
            InputTokens = 10,
            Arms = [],
            ChosenArm = "a",
            GreedyArm = "a",
            Pinned = false,
            Propensity = 1,
            Draw = 0,
            Seed = 1,
            Lambda = 0,
            Preferences = new PreferenceWeights(1, 1, 1),
            ReservedUsd = 0,
        },
        ServedArm = "a",
    })];

    private static double Uniform(int seed, ulong stream, int i) => CounterRandom.Uniform(CounterRandom.Bits((ulong)seed, stream), (ulong)i);
}
