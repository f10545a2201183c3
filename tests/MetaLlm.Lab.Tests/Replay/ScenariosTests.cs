using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Lab.Replay.Worlds;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class ScenariosTests
{
    private static readonly ReplayDataset Dataset = World();

    [Fact]
    public void A_price_cut_reprices_and_charges_the_dearest_arm_for_one_phase()
    {
        var world = Scenarios.Build(Dataset, "price-cut", null);

        Assert.Equal(2, world.Subject);
        Assert.Equal([1e-6, 1e-6 / 56, 1e-6], world.Phases.Select(p => p.Arms[2].Prices.Output));
        Assert.Equal([0.01, 0.01 / 56, 0.01], world.Phases.Select(p => p.Rows[0].CostUsd[2]));
        Assert.All(world.Phases, p => Assert.Equal(0.001, p.Rows[0].CostUsd[1]));
        Assert.All(world.Phases, p => Assert.Equal(Dataset.Rows[0].Score, p.Rows[0].Score));
    }

    [Fact]
    public void A_silent_regression_lowers_rewards_and_nothing_that_a_policy_is_told()
    {
        var world = Scenarios.Build(Dataset, "silent-regression", null);

        Assert.Equal(1, world.Subject);
        Assert.Equal(0.75, world.Phases[1].Rows.Average(r => r.Score[1]), 12);
        Assert.Equal(world.Phases[0].Arms, world.Phases[1].Arms);
        Assert.Equal(Dataset.Rows, world.Phases[2].Rows);
        Assert.Equal(Dataset.Rows[0].CostUsd, world.Phases[1].Rows[0].CostUsd);
    }

    [Fact]
    public void An_arm_that_is_poor_already_regresses_by_a_quarter()
    {
        var world = Scenarios.Build(Dataset, "silent-regression", "small");

        Assert.Equal(0.75 * Dataset.Rows.Average(r => r.Score[0]), world.Phases[1].Rows.Average(r => r.Score[0]), 12);
    }

    [Fact]
    public void A_removed_arm_stays_away_and_one_that_is_down_comes_back()
    {
        var removed = Scenarios.Build(Dataset, "remove", null);
        var down = Scenarios.Build(Dataset, "outage", null);

        Assert.Equal([3, 2, 2], removed.Phases.Select(p => p.Arms.Count));
        Assert.Equal([0, 2], removed.Phases[1].Available);
        Assert.Equal([3, 3, 3], down.Phases.Select(p => p.Arms.Count));
        Assert.Equal(["medium"], down.Phases[1].Unhealthy);
        Assert.Equal([0, 2], down.Phases[1].Available);
        Assert.Equal([0, 1, 2], down.Phases[2].Available);
    }

    [Theory]
    [InlineData("add-good-cheap", 0.95, 0.0005)]
    [InlineData("add-good-dear", 0.95, 0.02)]
    [InlineData("add-bad", 0.15, 0.00005)]
    public void An_arm_that_joins_is_unknown_before_and_made_as_documented(string scenario, double reward, double cost)
    {
        var world = Scenarios.Build(Dataset, scenario, null);

        Assert.True(world.SubjectJoins);
        Assert.Equal([3, 4, 4], world.Phases.Select(p => p.Arms.Count));
        Assert.Equal([0, 1, 2], world.Phases[0].Available);
        Assert.Equal(JoiningArm.Id, world.Arms[world.Subject!.Value].Id);
        Assert.Equal(reward, world.Phases[1].Rows[0].Score[3], 12);
        Assert.Equal(cost, world.Phases[1].Rows[0].CostUsd[3], 12);
        Assert.Equal(cost, world.Arms[3].Prices.Cost(world.Phases[1].Rows[0].Usage[3]), 12);
    }

    [Fact]
    public void A_recorded_arm_can_be_held_out_and_join()
    {
        var world = Scenarios.Build(Dataset, "add-good-dear", "large");

        Assert.Equal([0, 1], world.Phases[0].Available);
        Assert.Equal([0, 1, 2], world.Phases[1].Available);
        Assert.Equal(Dataset.Rows, world.Phases[1].Rows);
    }

    [Fact]
    public void A_phase_swap_plays_part_after_part_and_trains_on_the_first_alone()
    {
        var options = new ReplayOptions
        {
            DataDirectory = "d",
            JsonFile = "f",
            Policies = ["random"],
            Scenario = Scenarios.PhaseSwap,
            Train = new TrainSelection(null, 0.2),
        };
        var world = Scenarios.Build(Dataset, Scenarios.PhaseSwap, null);
        var planner = new StreamPlanner(Dataset, options);

        var stream = planner.Plan(3);
        var starts = world.Starts(stream);

        Assert.All(stream.Train, row => Assert.Equal("one", Dataset.Rows[row].Split));
        Assert.Equal(24, stream.Train.Length);
        Assert.Equal([0, 120 - 24], starts);
        Assert.All(stream.Requests[..starts[1]], row => Assert.Equal("one", Dataset.Rows[row].Split));
        Assert.All(stream.Requests[starts[1]..], row => Assert.Equal("two", Dataset.Rows[row].Split));
        Assert.NotEqual(stream.Requests, planner.Plan(4).Requests);
    }

    [Fact]
    public void A_limit_leaves_every_part_its_share()
    {
        var options = new ReplayOptions { DataDirectory = "d", JsonFile = "f", Policies = ["random"], Scenario = Scenarios.PhaseSwap, Limit = 100 };

        var stream = new StreamPlanner(Dataset, options).Plan(1);

        Assert.Equal([0, 50], Scenarios.Build(Dataset, Scenarios.PhaseSwap, null).Starts(stream));
        Assert.Equal(100, stream.Requests.Length);
    }

    [Fact]
    public void Shuffled_labels_keep_the_outcomes_of_every_part_and_move_them_to_other_queries()
    {
        var shuffled = DatasetControls.Apply(Dataset, DatasetControls.ShuffledLabels);

        foreach (var part in Dataset.Splits)
        {
            Assert.Equal(Costs(Dataset, part).Order(), Costs(shuffled, part).Order());
        }

        Assert.Equal(Dataset.Rows.Select(r => r.Text), shuffled.Rows.Select(r => r.Text));
        Assert.True(Dataset.Rows.Zip(shuffled.Rows).Count(p => ReferenceEquals(p.First.Score, p.Second.Score)) < 20);
    }

    [Fact]
    public void A_duplicated_arm_answers_like_its_original()
    {
        var duplicated = DatasetControls.Apply(Dataset, DatasetControls.DuplicatedArm);

        Assert.Equal("medium (copy)", duplicated.Arms[3].Id);
        Assert.All(duplicated.Rows, row => Assert.Equal((row.Score[1], row.CostUsd[1]), (row.Score[3], row.CostUsd[3])));
    }

    private static IEnumerable<double> Costs(ReplayDataset dataset, string part) =>
        dataset.Rows.Where(r => r.Split == part).Select(r => r.CostUsd[0]);

    private static ReplayDataset World()
    {
        string[] names = ["small", "medium", "large"];
        double[] cost = [0.0001, 0.001, 0.01];
        double[] score = [0.3, 0.9, 0.95];
        return new ReplayDataset(
            "d",
            "data.jsonl",
            [.. names.Select(n => new Arm { Id = n, Prices = new TokenPrices(0, 0, 1e-6) })],
            [.. Enumerable.Range(0, 240).Select(i => new ReplayRow
            {
                QueryId = $"{i}",
                Task = null,
                Text = $"text {i}",
                Split = i % 2 == 0 ? "one" : "two",
                Score = [.. score],
                CostUsd = [cost[0] + (i * 1e-9), cost[1], cost[2]],
                Usage = [.. cost.Select(c => new TokenUsage(0, 0, c / 1e-6))],
                LatencySeconds = [1, 1, 1],
            })]);
    }
}
