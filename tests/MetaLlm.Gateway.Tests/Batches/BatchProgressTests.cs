using System.Text.Json.Nodes;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Gateway.Tests.Batches;

public sealed class BatchProgressTests
{
    private readonly Dictionary<int, string> _kept = [];

    [Fact]
    public async Task A_call_that_was_under_way_stays_so_however_often_its_process_dies_and_counts_the_most_each_time()
    {
        await Open().BeginAsync(3, "small", 0.5);
        var second = Open();
        Assert.Equal(("small", 0.5), second.Begun[3]);
        await second.BeginAsync(3, "small", 0.25);

        var third = Open();
        Assert.Equal(("small", 0.25), third.Begun[3]);
        Assert.Equal(0.5, third.SpentUsd);
        Assert.Equal(0.5, third.State(3).Losses["small"].UnknownUsd);
    }

    [Fact]
    public async Task What_calls_lost_is_told_by_model_and_an_answer_takes_the_place_of_its_own_call_alone()
    {
        var progress = Open();
        await progress.BeginAsync(0, "large", 2);
        await progress.FailAsync(0, "large", 2, isUnknown: true);
        await progress.BeginAsync(0, "small", 1);
        await progress.FailAsync(0, "small", 1, isUnknown: true);
        await progress.BeginAsync(0, "small", 1);
        var state = progress.State(0);
        var known = state.Losses["small"].UnknownUsd;
        Assert.Equal(new Dictionary<string, double> { ["large"] = 2 }, state.LostUsd("small", known));

        await progress.EndAsync(0, 0.25 - known, Result("small", 0.25));
        Assert.Equal(2.25, Open().SpentUsd);
        Assert.Equal((1, 1), Open().Count());
        Assert.True(Open().Find(0) is { IsAnswer: true, Model: "small", CostUsd: 0.25 });
    }

    [Fact]
    public async Task A_query_that_is_refused_counts_the_call_that_had_begun()
    {
        await Open().BeginAsync(0, "small", 0.5);
        var progress = Open();
        IReadOnlyDictionary<string, double>? lost = null;
        await progress.RefuseAsync(0, usd =>
        {
            lost = usd;
            return new JsonObject { ["error"] = new JsonObject { ["code"] = "budget_exhausted" } };
        });
        Assert.Equal(0.5, lost!["small"]);
        Assert.Equal((0.5, false), (Open().SpentUsd, Open().Find(0)!.IsAnswer));
        Assert.Empty(Open().Begun);
    }

    private static JsonObject Result(string model, double usd) =>
        new() { ["response"] = new JsonObject { ["status_code"] = 200 }, ["metallm"] = new JsonObject { ["model"] = model, ["cost_usd"] = usd } };

    /// <summary>The progress as a process finds it.</summary>
    private BatchProgress Open() => new("0123456789abcdef", _kept.ToDictionary(one => one.Key, one => BatchLineState.Of(JsonNode.Parse(one.Value))), (line, state) =>
    {
        _kept[line] = BatchJson.Text(state.ToJson());
        return ValueTask.CompletedTask;
    });
}
