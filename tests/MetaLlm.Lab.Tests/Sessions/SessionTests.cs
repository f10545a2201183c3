using System.Text.Json;
using MetaLlm.Lab.Sessions;
using MetaLlm.Lab.Tests.Support;
using MetaLlm.TestKit;

namespace MetaLlm.Lab.Tests.Sessions;

/// <summary>A small form of the benchmark of sessions.</summary>
public sealed class SessionTests
{
    private static readonly SessionWorld World = SessionWorld.Of("agents");
    private static readonly Dictionary<string, double[]> Prices = new() { ["gpt-4o-mini"] = [0.15, 0.6], ["gemma-2-9b"] = [0.1, 0.1], ["deepseek-v2.5"] = [0.14, 0.28], ["unheard-of"] = [1, 1] };

    [Fact]
    public async Task A_conversation_that_is_followed_never_switches_between_a_tools_call_and_its_result_and_seldom_elsewhere()
    {
        var scripts = await SessionScript.DrawAsync(World, 120, 1, CancellationToken.None);
        var goal = new SessionGoal(PriceWeight: 3);
        SessionOutcome[] outcomes = [.. Enum.GetValues<SessionStrategy>().Select(strategy => new SessionPlayer(World, goal, 1).Play(scripts, strategy, CancellationToken.None))];
        var (perTurn, first, aware) = (outcomes[0], outcomes[2], outcomes[3]);
        Assert.Equal((0, 0, 0), (first.Switches, first.UnsafeSwitches, aware.UnsafeSwitches));
        Assert.True(perTurn.UnsafeSwitches > 0);
        Assert.InRange(aware.Switches, 0, perTurn.Switches / 2);
        Assert.True(aware.CachedShare > perTurn.CachedShare);
        Assert.All(outcomes, outcome => Assert.Equal(scripts.Sum(script => script.Turns.Count), outcome.Served.Sum()));
        Assert.All(outcomes, outcome => Assert.All(outcome.Questions, questions => Assert.Equal(12, questions)));
    }

    [Fact]
    public async Task The_same_seed_gives_the_same_figures_bit_for_bit()
    {
        var scripts = await SessionScript.DrawAsync(World, 120, 1, CancellationToken.None);
        var goal = new SessionGoal(UsdPerTurn: 0.01);
        var (one, other) = (new SessionPlayer(World, goal, 3), new SessionPlayer(World, goal, 3));
        var again = await SessionScript.DrawAsync(World, 120, 1, CancellationToken.None);
        var (a, b) = (one.Play(scripts, SessionStrategy.CacheAware, CancellationToken.None), other.Play(again, SessionStrategy.CacheAware, CancellationToken.None));
        Assert.Equal(a.StateHash, b.StateHash);
        Assert.Equal(a.CostUsd, b.CostUsd);
    }

    [Fact]
    public async Task The_verb_prints_a_row_for_each_strategy_and_says_what_is_wrong_with_its_options()
    {
        var run = await CliRun.Of(null, "sessions", "--sessions", "20", "--seeds", "1", "--price-weight", "3", "--world", "chats");
        Assert.Equal(0, run.ExitCode);
        Assert.All(["per turn", "per turn, billed", "first choice", "cache-aware", "topics known", "outcomes known"], strategy => Assert.Contains(strategy, run.Output, StringComparison.Ordinal));
        var wrong = await CliRun.Of(null, "sessions", "--sessions", "5", "--world", "moon");
        Assert.NotEqual(0, wrong.ExitCode);
        Assert.Contains("--sessions", wrong.Error, StringComparison.Ordinal);
        Assert.Contains("moon", wrong.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Recorded_outcomes_make_a_world_of_the_models_that_hold_a_sessions_prompts_without_the_rows_of_the_test_split()
    {
        using var directory = new TemporaryDirectory();
        SyntheticData.WriteMeta(directory.Path, ["gpt-4o-mini", "gemma-2-9b", "deepseek-v2.5", "unheard-of"], Prices);
        SyntheticData.WriteRows(directory.Path, Enumerable.Range(0, 90).Select(i => Row(i, i % 3 == 2 ? 0 : 1)));
        var world = await RecordedWorld.ReadAsync(directory.Path, "val", new TaggedEmbedder(), CancellationToken.None);
        Assert.Equal(["gpt-4o-mini", "deepseek-v2.5"], world.Models.Select(model => model.Id));
        Assert.Equal([0.075e-6, 0.014e-6], world.Models.Select(model => Math.Round(model.Usd.CachedInput, 12)));
        Assert.Equal(64, world.Models[1].Cache!.MinTokens);
        var sessions = await SessionScript.DrawAsync(world, 30, 1, CancellationToken.None);
        Assert.All(sessions.SelectMany(session => session.Turns), turn => Assert.Equal(1, turn.Question.Scores[0]));
        var outcomes = Enum.GetValues<SessionStrategy>().Select(strategy => new SessionPlayer(world, new SessionGoal(PriceWeight: 3), 1).Play(sessions, strategy, CancellationToken.None)).ToArray();
        Assert.All(outcomes[2..], outcome => Assert.Equal(0, outcome.UnsafeSwitches));
        Assert.All(outcomes[..^1], outcome => Assert.InRange(outcomes[^1].Successes.Sum(), outcome.Successes.Sum() * 0.9, double.MaxValue));
    }

    [Fact]
    public async Task A_data_set_without_prices_is_refused()
    {
        using var directory = new TemporaryDirectory();
        SyntheticData.WriteMeta(directory.Path, ["gpt-4o-mini", "deepseek-v2.5"]);
        SyntheticData.WriteRows(directory.Path, [SyntheticData.Row("q", [1, 1], [1, 1])]);
        var run = await CliRun.Of(new TaggedEmbedder(), "sessions", "--data", directory.Path);
        Assert.Equal(ExitCodes.BadInput, run.ExitCode);
        Assert.Contains("0 models with prices", run.Error, StringComparison.Ordinal);
    }

    // Rows of the test split are known by what the first model gets: nothing.
    private static string Row(int i, double first) => JsonSerializer.Serialize(new
    {
        query_id = $"q{i}",
        task = i % 2 == 0 ? "code" : "chat",
        query_text = i % 2 == 0 ? $"def f{i}(x): return x" : $"Please tell me about the city number {i}",
        split = (i % 3) switch { 0 => "train", 1 => "val", _ => "test" },
        score = new[] { first, 1, i % 2, 1 },
        cost_usd = new[] { 1.0, 1, 1, 1 },
    });
}
