using MetaLlm.Lab.Sessions;
using MetaLlm.Lab.Tests.Support;

namespace MetaLlm.Lab.Tests.Sessions;

/// <summary>A small form of the benchmark of sessions.</summary>
public sealed class SessionTests
{
    private static readonly SessionWorld World = SessionWorld.Of("agents");

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
}
