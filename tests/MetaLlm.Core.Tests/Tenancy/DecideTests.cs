using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class DecideTests
{
    private static TenantConfiguration Configuration => TenantStateTests.Configuration("metallm");

    [Fact]
    public void A_query_without_an_embedding_is_decided_by_the_rest()
    {
        var log = new Log(TenantStateTests.Configuration("metallm"));
        Assert.Equal(1, log.Decide(Log.Query(1) with { Embedding = [] }).Ordinal);
    }

    [Fact]
    public void A_pinned_arm_is_chosen_for_certain_and_every_arm_still_has_its_predictions()
    {
        var log = new Log(Configuration);
        var decision = log.Decide(Log.Query(1), i => i with { PinnedArm = "large" });
        Assert.Equal("large", decision.ChosenArm);
        Assert.Equal(1, decision.Propensity);
        Assert.True(decision.Pinned);
        Assert.All(decision.Arms, a => Assert.True(a.CostUsd > 0 && double.IsFinite(a.Quality)));
        Assert.Equal(ArmExclusions.NotPinned, decision.Arms[0].Exclusion);
        Assert.Null(decision.Arms[0].Score);
    }

    [Fact]
    public void Every_reason_to_exclude_an_arm_is_told()
    {
        var log = new Log(Configuration with
        {
            Arms =
            [
                Log.Arm("off", 0.001) with { Enabled = false },
                Log.Arm("sick", 0.001),
                Log.Arm("short", 0.001) with { ContextTokens = 10 },
                Log.Arm("blind", 0.001) with { Capabilities = ["tools"] },
                Log.Arm("dear", 5),
                Log.Arm("unlisted", 0.001),
                Log.Arm("fine", 0.001) with { Capabilities = ["vision"] },
            ],
        });
        var decision = log.Decide(Log.Query(1), i => i with
        {
            UnhealthyArms = ["sick"],
            RequiredCapabilities = ["vision"],
            AllowedArms = ["off", "sick", "short", "blind", "dear", "fine"],
            MaxCostUsd = 1,
        });
        Assert.Equal("fine", decision.ChosenArm);
        Assert.Equal(1, decision.Propensity);
        Assert.Equal(
            [
                ArmExclusions.Disabled, ArmExclusions.Unhealthy, ArmExclusions.ContextTooLong, ArmExclusions.MissingCapability,
                ArmExclusions.OverRequestCap, ArmExclusions.NotAllowed, null,
            ],
            decision.Arms.Select(a => a.Exclusion));
    }

    [Fact]
    public void No_arm_left_is_an_error_that_names_every_reason()
    {
        var log = new Log(Configuration);
        var exception = Assert.Throws<NoFeasibleArmException>(() => log.State.Decide(new DecisionRequest
        {
            Features = Log.Query(1),
            UnhealthyArms = ["small", "medium"],
            MaxCostUsd = 1e-9,
        }, log.Clock));
        Assert.Equal(["small", "medium", "large"], exception.Exclusions.Select(e => e.Key));
        Assert.Equal(ArmExclusions.OverRequestCap, exception.Exclusions[2].Value);
    }

    [Fact]
    public void What_is_set_aside_and_spent_never_passes_the_hard_cap()
    {
        var log = new Log(Configuration with { UsdPerRequest = null, HardCapUsd = 0.05, HardCapWindow = TimeSpan.FromHours(1) });
        var open = new Queue<DecisionRecord>();
        var refused = 0;
        for (var i = 0; i < 300; i++)
        {
            try
            {
                open.Enqueue(log.Decide(Log.Query((ulong)i), r => r with { MaxOutputTokens = 300 }));
            }
            catch (NoFeasibleArmException)
            {
                refused++;
            }

            var report = log.State.Report();
            Assert.True(report.SpendUsd + report.BoundUsd <= 0.05 + 1e-12);
            if (open.Count > 3)
            {
                var decision = open.Dequeue();
                log.Settle(decision, decision.BoundUsd);
            }
        }

        Assert.True(refused > 100);
        while (open.TryDequeue(out var decision))
        {
            log.Settle(decision, decision.BoundUsd);
        }

        Assert.Equal((0, 0), (log.State.Report().ReservedUsd, log.State.Report().BoundUsd));
        log.Clock += TimeSpan.FromHours(1);
        Assert.NotNull(log.Decide(Log.Query(1), r => r with { MaxOutputTokens = 300 }));
    }

    [Theory]
    [InlineData("cap")]
    [InlineData("hour")]
    [InlineData("day")]
    [InlineData("month")]
    public void An_arm_that_costs_nothing_stays_after_more_was_spent_than_the_budget_had(string budget)
    {
        var configuration = Configuration with { Arms = [Log.Arm("free", 0), Log.Arm("dear", 0.001)], UsdPerRequest = null };
        var log = new Log(budget switch
        {
            "cap" => configuration with { HardCapUsd = 0.01 },
            "hour" => configuration with { UsdPerHour = 0.01 },
            "day" => configuration with { UsdPerDay = 0.01 },
            _ => configuration with { UsdPerMonth = 0.01 },
        });
        log.Settle(log.Decide(Log.Query(1), i => i with { PinnedArm = "dear", MaxOutputTokens = 100 }), 0.02);

        var decision = log.Decide(Log.Query(2));
        Assert.Equal("free", decision.ChosenArm);
        Assert.Equal([null, ArmExclusions.OverHardCap], decision.Arms.Select(a => a.Exclusion));
    }

    [Fact]
    public void Repricing_changes_choices_without_relearning()
    {
        var world = new World(3, [0.001, 0.001], slope: 0, noise: 0.02);
        var configuration = world.Configuration() with { PriceWeight = 20 };
        var log = new Log(configuration);
        log.State.WarmStart([.. Enumerable.Range(0, 200).Select(i => world.WarmRow(i, i))]);
        Assert.Equal("arm1", log.Decide(world.Query(500)).GreedyArm);
        log.Configure(configuration with { Arms = [configuration.Arms[0], configuration.Arms[1] with { Prices = new TokenPrices(0, 0, 1e-4) }] });
        var after = log.Decide(world.Query(500));
        Assert.Equal("arm0", after.GreedyArm);
        Assert.Equal(0.01, after.Arms[1].CostUsd, 1e-4);
    }

    [Fact]
    public void Turning_the_cost_dial_down_buys_quality()
    {
        var world = new World(3, [0.0001, 0.01], slope: 0, noise: 0.02);
        var log = new Log(world.Configuration() with { PriceWeight = 20 });
        log.State.WarmStart([.. Enumerable.Range(0, 200).Select(i => world.WarmRow(i, i))]);
        Assert.Equal("arm0", log.Decide(world.Query(500)).GreedyArm);
        Assert.Equal("arm1", log.Decide(world.Query(500), i => i with { Preferences = new PreferenceWeights(1, 0, 1) }).GreedyArm);
    }

    [Theory]
    [InlineData(0, 1, 1, "Preferences.Quality")]
    [InlineData(1, -1, 1, "Preferences.Cost")]
    [InlineData(1, 1, double.NaN, "Preferences.Latency")]
    public void A_dial_out_of_range_is_refused(double quality, double cost, double latency, string field)
    {
        var log = new Log(Configuration);
        var exception = Assert.Throws<ArgumentException>(() => log.State.Decide(
            new DecisionRequest { Features = Log.Query(1), Preferences = new PreferenceWeights(quality, cost, latency) }, log.Clock));
        Assert.Contains(field, exception.Message, StringComparison.Ordinal);
    }
}
