using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class ApplyGuardTests
{
    private readonly Log _log = new(TenantStateTests.Configuration("metallm"));

    [Fact]
    public void A_decision_out_of_order_is_refused_and_changes_nothing()
    {
        var first = _log.Decide(Log.Query(1));
        Refused(() => _log.State.Apply(first), "decision 1 cannot be applied after decision 1");
        Refused(() => _log.State.Apply(first with { Ordinal = 3 }), "2 is next");
        Refused(() => _log.State.Apply(first with { Ordinal = 2, AppliedSequence = 5 }), "made after event 5");
        Refused(() => _log.State.Apply(first with { Ordinal = 2, Tenant = "other" }), "tenant 'other'");
    }

    [Fact]
    public void An_event_out_of_order_is_refused_and_changes_nothing()
    {
        var decision = _log.Decide(Log.Query(1));
        var settled = _log.Settle(decision, 0.001);
        Refused(() => _log.State.Apply(settled), "event 2 cannot be applied after event 2");
        Refused(() => _log.State.Apply(settled with { Sequence = 4 }), "3 is next");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.1)]
    [InlineData(double.NaN)]
    public void A_reward_out_of_range_is_refused_and_changes_nothing(double reward)
    {
        var decision = _log.Decide(Log.Query(1));
        Refused(() => _log.Reward(decision, reward), "0 to 1");
    }

    [Theory]
    [InlineData(-1e-9)]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    public void A_cost_out_of_range_is_refused_and_changes_nothing(double usd)
    {
        var decision = _log.Decide(Log.Query(1));
        Refused(() => _log.Settle(decision, usd), "finite and at least 0");
    }

    [Fact]
    public void Usage_or_a_context_that_are_no_numbers_are_refused_and_change_nothing()
    {
        var decision = _log.Decide(Log.Query(1));
        Refused(() => _log.Settle(decision, 0.001, outputTokens: double.PositiveInfinity), "Usage.Output");
        Refused(() => _log.Settle(decision, 0.001, latency: -1), "LatencySeconds");
        Refused(() => _log.Settle(decision with { Context = [1, 2] }, 0.001), "context of 2 numbers");
        Refused(() => _log.Reward(decision with { Context = [1, 2] }, 1), "context of 2 numbers");
        var broken = (float[])decision.Context.Clone();
        broken[1] = float.NaN;
        Refused(() => _log.Reward(decision with { Context = broken }, 1), "finite");
        Refused(() => _log.State.Apply(decision with { Ordinal = 2, ReservedUsd = double.NaN }), "ReservedUsd");
    }

    [Fact]
    public void A_policy_that_is_unknown_is_refused_and_changes_nothing() =>
        Refused(() => _log.Configure(_log.State.Configuration! with { Policy = "nonsense" }), "nonsense");

    [Fact]
    public void A_configuration_that_an_earlier_release_took_is_folded_in_though_todays_rules_refuse_it()
    {
        var old = _log.State.Configuration! with { ExplorationFloor = 0.9 };
        Assert.NotEmpty(TenantConfigurationValidator.Validate(old));
        _log.Configure(old);

        Assert.Equal(0.9, _log.State.Configuration!.ExplorationFloor);
    }

    [Fact]
    public void A_version_is_a_part_of_the_state_and_its_absence_leaves_no_trace()
    {
        var bytes = _log.Save();
        _log.Configure(_log.State.Configuration! with { Version = 7 });
        var restored = TenantState.Load(_log.Save(), "acme", Log.Model, Log.Reduction());

        Assert.Equal(7, restored.Configuration!.Version);
        Assert.Null(TenantState.Load(bytes, "acme", Log.Model, Log.Reduction()).Configuration!.Version);
    }

    [Fact]
    public void Nothing_but_a_configuration_can_come_first()
    {
        var state = TenantState.Create("acme", Log.Model, Log.Reduction());
        Assert.Throws<InvalidOperationException>(() => state.Decide(new DecisionRequest { Features = Log.Query(1) }, _log.Clock));
        Assert.Throws<InvalidOperationException>(() => state.Apply(_log.Decide(Log.Query(1))));
        Assert.Equal(0, state.DecisionOrdinal);
    }

    [Fact]
    public void A_warm_start_after_a_decision_is_refused()
    {
        var world = new World(1, [0.001, 0.002]);
        var log = new Log(world.Configuration());
        log.Decide(world.Query(1));
        Assert.Throws<InvalidOperationException>(() => log.State.WarmStart([world.WarmRow(1, 1)]));
    }

    [Fact]
    public void A_warm_start_row_that_does_not_fit_is_refused_and_changes_nothing()
    {
        var world = new World(1, [0.001, 0.002]);
        var log = new Log(world.Configuration());
        var before = log.Save();
        var row = world.WarmRow(1, 1);
        Assert.Throws<ArgumentException>(() => log.State.WarmStart([row with { Rewards = [1] }]));
        Assert.Throws<ArgumentException>(() => log.State.WarmStart([row with { Rewards = [1, 1.5] }]));
        Assert.Throws<ArgumentException>(() => log.State.WarmStart([row with { CostUsd = [1, double.NaN] }]));
        Assert.Throws<ArgumentException>(() => log.State.WarmStart([row with { Features = row.Features with { Embedding = [1, 2] } }]));
        Assert.Equal(before, log.Save());
    }

    private void Refused(Action action, string expected)
    {
        var before = _log.Save();
        var exception = Assert.ThrowsAny<Exception>(action);
        Assert.True(exception is InvalidOperationException or ArgumentException, exception.GetType().Name);
        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
        Assert.Equal(before, _log.Save());
    }
}
