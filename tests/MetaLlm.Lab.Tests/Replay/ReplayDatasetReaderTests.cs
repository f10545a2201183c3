using MetaLlm.Core.Arms;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class ReplayDatasetReaderTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public void Rows_end_with_a_line_feed_only()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a"]);
        SyntheticData.WriteRows(_directory.Path, ["{\"query_id\":\"1\",\"query_text\":\"one\u2028two\u0085three\",\"score\":[1],\"cost_usd\":[0.5]}"]);

        var row = Assert.Single(ReplayDatasetReader.Read(_directory.Path, null).Rows);

        Assert.Equal("one\u2028two\u0085three", row.Text);
        Assert.Null(row.Task);
        Assert.True(double.IsNaN(row.LatencySeconds[0]));
    }

    [Fact]
    public void Of_several_judges_one_teaches_and_another_scores_and_rows_without_them_are_left_out()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a", "b"]);
        SyntheticData.WriteRows(_directory.Path,
            [
                """{"query_id":"1","query_text":"t","split":"val","score":[1,1],"cost_usd":[1,2],"other_judges":{"x":[0.1,0.2],"y":[0.3,0.4]}}""",
                """{"query_id":"2","query_text":"t","split":"test","score":[1,1],"cost_usd":[1,2],"other_judges":{"x":[0.5,0.6],"y":[0.7,0.8]}}""",
                """{"query_id":"3","query_text":"t","split":"test","score":[1,1],"cost_usd":[1,2],"other_judges":{"x":[0.5,0.6],"y":[0.7,null]}}""",
                """{"query_id":"4","query_text":"t","split":"test","score":[1,1],"cost_usd":[1,2]}""",
            ]);

        var rows = ReplayDatasetReader.Read(_directory.Path, null, new DatasetJudges("x", "y", "val")).Rows;

        Assert.Equal([[0.1, 0.2], [0.7, 0.8]], rows.Select(row => row.Score.ToArray()));
        Assert.Equal(["1", "2", "3"], ReplayDatasetReader.Read(_directory.Path, ["a"], new DatasetJudges("x", "y", "val")).Rows.Select(row => row.QueryId));
    }

    [Fact]
    public void The_last_line_may_lack_its_line_feed()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a"]);
        File.WriteAllText(_directory.File("data.jsonl"), SyntheticData.Row("1", [1], [1]) + "\n" + SyntheticData.Row("2", [0], [1]));

        Assert.Equal(["1", "2"], ReplayDatasetReader.Read(_directory.Path, null).Rows.Select(r => r.QueryId));
    }

    [Fact]
    public void Recorded_tokens_and_prices_are_used_and_the_recorded_cost_stays_the_truth()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a", "b"], new() { ["a"] = [2, 8], ["b"] = [1, 4] });
        SyntheticData.WriteRows(_directory.Path,
            ["""{"query_id":"1","query_text":"t","score":[1,0.5],"cost_usd":[0.7,0.2],"in_tok":[10,12],"out_tok":[30,null],"latency_s":[1.5,null]}"""]);

        var dataset = ReplayDatasetReader.Read(_directory.Path, null);
        var row = dataset.Rows[0];

        Assert.Equal(TokenPrices.PerMillion(2, 8), dataset.Arms[0].Prices);
        Assert.Equal(new TokenUsage(10, 0, 30), row.Usage[0]);
        Assert.Equal(0.7, row.CostUsd[0]);
        Assert.Equal(1.5, row.LatencySeconds[0]);
    }

    [Fact]
    public void Where_tokens_are_not_recorded_prices_times_usage_give_the_recorded_cost()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a", "b"], new() { ["a"] = [2, 8] });
        SyntheticData.WriteRows(_directory.Path, [SyntheticData.Row("1", [1, 0.5], [0.7, 0.000123])]);

        var dataset = ReplayDatasetReader.Read(_directory.Path, null);

        for (var arm = 0; arm < 2; arm++)
        {
            var row = dataset.Rows[0];
            Assert.Equal(0, row.Usage[arm].Input);
            Assert.Equal(row.CostUsd[arm], dataset.Arms[arm].Prices.Cost(row.Usage[arm]), 15);
        }
    }

    [Fact]
    public void Before_the_first_call_the_list_price_says_what_to_expect()
    {
        SyntheticData.WriteMeta(_directory.Path, ["listed", "unlisted"], new() { ["listed"] = [1.25, 10] });
        SyntheticData.WriteRows(_directory.Path, [SyntheticData.Row("1", [1, 0.5], [0.7, 0.2])]);

        var arm = ReplayDatasetReader.Read(_directory.Path, null).Arms[0];

        Assert.Equal(256 * 10e-6, arm.Prices.Cost(new TokenUsage(0, 0, arm.PriorOutputTokens)), 12);
    }

    [Fact]
    public void Arms_can_be_left_out_and_keep_their_order_and_outcomes()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a", "b", "c"]);
        SyntheticData.WriteRows(_directory.Path, [SyntheticData.Row("1", [0.1, 0.2, 0.3], [1, 2, 3])]);

        var dataset = ReplayDatasetReader.Read(_directory.Path, ["c", "a"]);

        Assert.Equal(["a", "c"], dataset.Arms.Select(a => a.Id));
        Assert.Equal([0.1, 0.3], dataset.Rows[0].Score);
        Assert.Equal([1.0, 3.0], dataset.Rows[0].CostUsd);
    }

    [Fact]
    public void An_outcome_that_is_not_recorded_hurts_only_when_its_arm_is_in_play()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a", "b"]);
        SyntheticData.WriteRows(_directory.Path, ["""{"query_id":"1","query_text":"t","score":[1,null],"cost_usd":[1,1]}"""]);

        Assert.Single(ReplayDatasetReader.Read(_directory.Path, ["a"]).Rows);
        var problem = Assert.Throws<BadInputException>(() => ReplayDatasetReader.Read(_directory.Path, null));
        Assert.Contains("data.jsonl:1: \"score\" of b is not recorded", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Phases_are_parts_like_splits()
    {
        SyntheticData.WriteMeta(_directory.Path, ["a"]);
        SyntheticData.WriteRows(_directory.Path, ["""{"query_id":"1","query_text":"t","phase":"before","score":[1],"cost_usd":[1]}"""]);

        Assert.Equal(["before"], ReplayDatasetReader.Read(_directory.Path, null).Splits);
    }
}
