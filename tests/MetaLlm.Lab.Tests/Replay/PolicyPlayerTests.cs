using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class PolicyPlayerTests : IDisposable
{
    private static readonly TradeOff Budget = new(0.002, 0);

    private readonly TemporaryDirectory _directory = new();
    private readonly ReplayOptions _options;
    private readonly ReplayDataset _dataset;

    public PolicyPlayerTests()
    {
        SyntheticData.WriteLearnableWorld(_directory.Path, 360);
        _dataset = ReplayDatasetReader.Read(_directory.Path, null);
        _options = new ReplayOptions
        {
            DataDirectory = _directory.Path,
            JsonFile = _directory.File("out.json"),
            Policies = ["metallm"],
            Train = new TrainSelection("train", null),
            TestSplit = "test",
            BurnInSplit = "val",
            Features = ContextParts.Structural | ContextParts.Task,
        };
    }

    public static TheoryData<string> Policies => [.. PolicyRegistry.All.Select(p => p.Name)];

    public void Dispose() => _directory.Dispose();

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task The_same_run_twice_is_the_same_run(string policy)
    {
        var first = await Play(_dataset, _options, policy);
        var second = await Play(_dataset, _options, policy);

        Assert.Equal(first.Choices, second.Choices);
        Assert.Equal(first.StateHash, second.StateHash);
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Outcomes_of_arms_that_were_not_chosen_never_reach_the_policy(string policy)
    {
        var honest = await Play(_dataset, _options, policy);
        var chosen = honest.Rows.Zip(honest.Choices).ToDictionary(p => p.First, p => p.Second);
        var altered = _dataset with
        {
            Rows = [.. _dataset.Rows.Select((row, i) => chosen.TryGetValue(i, out var arm) ? WithOtherOutcomesAltered(row, arm) : row)],
        };

        var again = await Play(altered, _options, policy);

        Assert.Equal(honest.Choices, again.Choices);
        Assert.Equal(honest.StateHash, again.StateHash);
    }

    [Fact]
    public async Task The_chosen_arms_outcome_does_reach_the_policy()
    {
        var honest = await Play(_dataset, _options, "metallm");
        var altered = _dataset with { Rows = [.. _dataset.Rows.Select(row => row.Split == "test" ? row with { Score = [1, 0, 0] } : row)] };

        Assert.NotEqual(honest.StateHash, (await Play(altered, _options, "metallm")).StateHash);
    }

    [Fact]
    public async Task Duplicated_feedback_leaves_the_state_bit_identical()
    {
        var once = await Play(_dataset, _options, "metallm");

        foreach (var share in new[] { 0.3, 1 })
        {
            var twice = await Play(_dataset, _options with { Duplicates = share }, "metallm");
            Assert.Equal(once.Choices, twice.Choices);
            Assert.Equal(once.StateHash, twice.StateHash);
        }
    }

    [Fact]
    public async Task Delayed_and_missing_rewards_change_the_run_and_settled_cost_still_counts()
    {
        var options = _options with { Train = null };
        var prompt = await Play(_dataset, options, "metallm");
        var late = await Play(_dataset, options with { Delay = 20 }, "metallm");
        var lost = await Play(_dataset, options with { Missing = 1 }, "metallm");

        Assert.NotEqual(prompt.StateHash, late.StateHash);
        Assert.NotEqual(prompt.StateHash, lost.StateHash);
        Assert.Equal(prompt.UpdateMicros.Length - 20, late.UpdateMicros.Length);
        Assert.Empty(lost.UpdateMicros);
    }

    [Fact]
    public async Task Rewards_of_the_burn_in_are_learned_from_and_not_scored()
    {
        var outcome = await Play(_dataset, _options, "metallm");

        Assert.Equal(120, outcome.Rows.Length);
        Assert.All(outcome.Rows, row => Assert.Equal("test", _dataset.Rows[row].Split));
        Assert.Equal(240, outcome.UpdateMicros.Length);
    }

    [Fact]
    public async Task Corrected_rewards_leave_what_right_ones_at_once_would_have_taught()
    {
        // A price so high that every choice is the cheapest arm: the runs then differ in their feedback alone.
        var right = await Play(_dataset, _options, "static-mix", new TradeOff(null, 1e6));
        var corrected = await Play(_dataset, _options with { Corrections = 0.4 }, "static-mix", new TradeOff(null, 1e6));
        var wrong = await Play(_dataset, _options with { Flipped = 0.4 }, "static-mix", new TradeOff(null, 1e6));

        Assert.Equal(right.Choices, corrected.Choices);
        Assert.True(corrected.UpdateMicros.Length > right.UpdateMicros.Length);
        Assert.Equal(right.UpdateMicros.Length, wrong.UpdateMicros.Length);
        Assert.NotEqual(right.StateHash, wrong.StateHash);
    }

    [Theory]
    [InlineData("no-task")]
    [InlineData("structural")]
    [InlineData("bias")]
    public async Task Without_the_tag_relabelled_tasks_change_nothing(string features)
    {
        var parts = features switch
        {
            "no-task" => ContextParts.Structural | ContextParts.Embedding,
            "structural" => ContextParts.Structural,
            _ => ContextParts.None,
        };
        var relabelled = _dataset with { Rows = [.. _dataset.Rows.Select((row, i) => row with { Task = $"other {i}" })] };
        foreach (var policy in PolicyRegistry.All.Select(p => p.Name))
        {
            var plain = await Play(_dataset, _options with { Features = parts }, policy);
            var again = await Play(relabelled, _options with { Features = parts }, policy);

            Assert.Equal(plain.Choices, again.Choices);
            Assert.Equal(plain.StateHash, again.StateHash);
        }
    }

    private static async Task<SeedOutcome> Play(ReplayDataset dataset, ReplayOptions options, string policy, TradeOff? tradeOff = null)
    {
        var environment = new LabEnvironment
        {
            Output = TextWriter.Null,
            Error = TextWriter.Null,
            OutputIsTerminal = false,
            ErrorIsTerminal = false,
            OpenEmbedder = _ => ValueTask.FromResult<IEmbedder>(new TaggedEmbedder()),
        };
        var features = await FeatureTable.CreateAsync(dataset, options.Features, environment, CancellationToken.None);
        return new PolicyPlayer(Scenarios.Build(dataset, options.Scenario, options.ScenarioArm), features, options)
            .Play(policy, tradeOff ?? Budget, new StreamPlanner(dataset, options).Plan(1), seed: 1, CancellationToken.None);
    }

    private static ReplayRow WithOtherOutcomesAltered(ReplayRow row, int chosen) => row with
    {
        Score = [.. row.Score.Select((score, arm) => arm == chosen ? score : 1 - score)],
        CostUsd = [.. row.CostUsd.Select((cost, arm) => arm == chosen ? cost : cost * 7)],
        Usage = [.. row.Usage.Select((usage, arm) => arm == chosen ? usage : usage with { Output = usage.Output * 7 })],
    };
}
