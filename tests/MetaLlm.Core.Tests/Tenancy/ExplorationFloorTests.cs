using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class ExplorationFloorTests
{
    private const double Share = 0.06;
    private static readonly World World = new(11, [0.001, 0.002, 0.003]);

    [Theory]
    [MemberData(nameof(World.Policies), MemberType = typeof(World))]
    public void Without_a_budget_every_arm_has_its_share_and_probabilities_are_exact(string policy)
    {
        var log = Played(World.Configuration(policy) with { ExplorationFloor = Share }, out var decisions);
        Assert.All(decisions, d =>
        {
            Assert.Equal(1, d.Arms.Sum(a => a.Propensity), 12);
            Assert.All(d.Arms, a => Assert.InRange(a.Propensity, (Share / 3) - 1e-12, 1));
            Assert.Equal(d.Arms.Single(a => a.ArmId == d.ChosenArm).Propensity, d.Propensity);
        });
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(Share, log.Reload().Configuration!.ExplorationFloor);
    }

    [Fact]
    public void Arms_are_drawn_as_often_as_their_probabilities_say()
    {
        Played(World.Configuration("linucb") with { ExplorationFloor = 0.3 }, out var decisions, 2000);
        var (expected, drawn) = (decisions.Sum(d => 1 - d.Arms.Single(a => a.ArmId == d.GreedyArm).Propensity), decisions.Count(d => d.ChosenArm != d.GreedyArm));
        Assert.Equal(400, expected, 1e-6);
        Assert.InRange(drawn, 340, 460);
    }

    [Fact]
    public void Under_a_budget_dearer_arms_are_tried_as_far_as_the_exploration_budget_allows()
    {
        Played(World.Configuration("linucb", budget: 0.0011) with { ExplorationFloor = 0.5, PriceWeight = 1000 }, out var decisions, 500);
        Assert.All(decisions, d => Assert.Equal(1, d.Arms.Sum(a => a.Propensity), 12));
        Assert.InRange(decisions.Sum(d => d.ReservedUsd - d.Arms.Single(a => a.ArmId == d.GreedyArm).CostUsd), 0.001, (0.05 * 0.0011 * 550) + 0.004);
    }

    [Fact]
    public void Pinned_calls_stay_certain()
    {
        var log = new Log(World.Configuration() with { ExplorationFloor = Share });
        Assert.Equal(1, log.Decide(World.Query(1), r => r with { PinnedArm = "arm2" }).Propensity);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.51)]
    [InlineData(double.NaN)]
    public void A_share_out_of_range_is_refused(double share)
    {
        var error = Assert.Single(TenantConfigurationValidator.Validate(World.Configuration() with { ExplorationFloor = share }));
        Assert.Equal("ExplorationFloor", error.Field);
        Assert.Contains("above 0 and at most 0.5", error.Message, StringComparison.Ordinal);
    }

    private static Log Played(TenantConfiguration configuration, out List<DecisionRecord> decisions, int count = 60)
    {
        var log = new Log(configuration);
        World.Play(log, 0, count);
        decisions = [.. log.Entries.OfType<DecisionRecord>()];
        return log;
    }
}
