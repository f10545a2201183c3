using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Streams;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class StreamPlannerTests
{
    private static readonly ReplayOptions Plain = new() { DataDirectory = "d", JsonFile = "f", Policies = ["random"] };

    [Fact]
    public void Without_options_every_row_is_scored_once()
    {
        var stream = new StreamPlanner(Dataset(30), Plain).Plan(1);

        Assert.Empty(stream.Train);
        Assert.Equal(0, stream.BurnIn);
        Assert.Equal(Enumerable.Range(0, 30), stream.Requests.Order());
        Assert.NotEqual(Enumerable.Range(0, 30), stream.Requests);
    }

    [Fact]
    public void A_fraction_leaves_the_stream_and_differs_between_seeds()
    {
        var planner = new StreamPlanner(Dataset(50), Plain with { Train = new TrainSelection(null, 0.3) });
        var (first, second) = (planner.Plan(1), planner.Plan(2));

        Assert.Equal(15, first.Train.Length);
        Assert.Equal(Enumerable.Range(0, 50), first.Train.Concat(first.Requests).Order());
        Assert.NotEqual(first.Train, second.Train);
        Assert.Equal(first.Requests, planner.Plan(1).Requests);
    }

    [Fact]
    public void Splits_have_one_purpose_each_and_burn_in_comes_first()
    {
        // Rows 0, 3, 6... are a; 1, 4, 7... are b; 2, 5, 8... are c.
        var options = Plain with { Train = new TrainSelection("a", null), BurnInSplit = "b", TestSplit = "c" };
        var stream = new StreamPlanner(Dataset(12, "a", "b", "c"), options).Plan(1);

        Assert.Equal([0, 3, 6, 9], stream.Train);
        Assert.Equal(4, stream.BurnIn);
        Assert.Equal([1, 4, 7, 10], stream.Requests[..4].Order());
        Assert.Equal([2, 5, 8, 11], stream.Scored.ToArray().Order());
    }

    [Fact]
    public void Without_a_test_split_all_that_has_no_other_purpose_is_scored()
    {
        var stream = new StreamPlanner(Dataset(12, "a", "b", "c"), Plain with { BurnInSplit = "b" }).Plan(1);

        Assert.Equal([0, 2, 3, 5, 6, 8, 9, 11], stream.Scored.ToArray().Order());
    }

    [Fact]
    public void A_fraction_is_never_drawn_from_named_splits()
    {
        var options = Plain with { Train = new TrainSelection(null, 0.5), TestSplit = "c" };
        var stream = new StreamPlanner(Dataset(12, "a", "b", "c"), options).Plan(3);

        Assert.Equal(4, stream.Train.Length);
        Assert.DoesNotContain(stream.Train, row => row % 3 == 2);
        Assert.Equal(4, stream.Scored.Length);
    }

    [Fact]
    public void Recorded_order_is_kept_when_asked_for() =>
        Assert.Equal(Enumerable.Range(0, 9), new StreamPlanner(Dataset(9), Plain with { RecordedOrder = true }).Plan(4).Requests);

    [Fact]
    public void A_limit_keeps_the_head_of_the_stream()
    {
        var whole = new StreamPlanner(Dataset(40), Plain).Plan(2);

        Assert.Equal(whole.Requests[..7], new StreamPlanner(Dataset(40), Plain with { Limit = 7 }).Plan(2).Requests);
    }

    [Fact]
    public void A_limit_counts_scored_requests_and_leaves_burn_in_whole()
    {
        var stream = new StreamPlanner(Dataset(12, "a", "b", "c"), Plain with { BurnInSplit = "b", Limit = 3 }).Plan(1);

        Assert.Equal(4, stream.BurnIn);
        Assert.Equal(3, stream.Scored.Length);
    }

    private static ReplayDataset Dataset(int rows, params string[] splits) => new("d", "data.jsonl", [], [.. Enumerable.Range(0, rows).Select(i => new ReplayRow
    {
        QueryId = $"{i}",
        Task = null,
        Text = "t",
        Split = splits.Length > 0 ? splits[i % splits.Length] : null,
        Score = [],
        CostUsd = [],
        Usage = Array.Empty<TokenUsage>(),
        LatencySeconds = [],
    })]);
}
