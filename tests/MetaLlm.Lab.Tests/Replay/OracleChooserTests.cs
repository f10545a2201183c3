using MetaLlm.Lab.Replay;
using MetaLlm.Lab.Replay.Datasets;
using MetaLlm.Lab.Replay.Playing;
using MetaLlm.Core.Arms;

namespace MetaLlm.Lab.Tests.Replay;

public sealed class OracleChooserTests
{
    // Rewards per USD of climbing from arm 0 to arm 1: 0.8 / 1, 0.3 / 1, and never worth it.
    private static readonly ReplayRow[] Rows = [Row([0.1, 0.9], [1, 2]), Row([0.5, 0.8], [1, 2]), Row([0.7, 0.7], [1, 2])];

    [Fact]
    public void Without_a_budget_every_query_gets_its_best_arm_and_the_cheapest_on_ties() =>
        Assert.Equal([1, 1, 0], OracleChooser.Choose(Rows, [0, 1], new TradeOff(null, 0)));

    [Fact]
    public void A_price_weight_buys_only_what_is_worth_it() =>
        Assert.Equal([1, 0, 0], OracleChooser.Choose(Rows, [0, 1], new TradeOff(null, 0.5)));

    [Theory]
    [InlineData(1.0, new[] { 0, 0, 0 })]
    [InlineData(1.34, new[] { 1, 0, 0 })]
    [InlineData(1.67, new[] { 1, 1, 0 })]
    [InlineData(9.0, new[] { 1, 1, 0 })]
    public void A_budget_is_spent_where_a_dollar_buys_most(double budget, int[] expected) =>
        Assert.Equal(expected, OracleChooser.Choose(Rows, [0, 1], new TradeOff(budget, 0)));

    [Fact]
    public void A_budget_below_the_cheapest_arms_gets_the_cheapest_arms() =>
        Assert.Equal([0, 0, 0], OracleChooser.Choose(Rows, [0, 1], new TradeOff(0.1, 0)));

    [Fact]
    public void Arms_that_cannot_serve_are_never_chosen()
    {
        Assert.Equal([0, 0, 0], OracleChooser.Choose(Rows, [0], new TradeOff(null, 0)));
        Assert.Equal([1, 1, 1], OracleChooser.Choose(Rows, [1], new TradeOff(0.1, 0)));
    }

    private static ReplayRow Row(double[] score, double[] cost) => new()
    {
        QueryId = "q",
        Task = null,
        Text = "t",
        Split = null,
        Score = score,
        CostUsd = cost,
        Usage = Array.Empty<TokenUsage>(),
        LatencySeconds = [],
    };
}
