using MetaLlm.Core.Budgets;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Evidence;

namespace MetaLlm.Gateway.Tests;

public sealed class EvidencePurseTests
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UnixEpoch.AddDays(10);

    [Theory]
    [InlineData(1, 0.5, 0.5)]
    [InlineData(1, -0.1, 0)]
    [InlineData(0, 0.5, 3)]
    [InlineData(-1, 0, 3)]
    public void A_purse_is_full_again_when_its_window_has_ended_although_nothing_was_bought_since(int hoursLeft, double reported, double left)
    {
        var state = TenantState.Create("acme~evidence", "none", new Core.Features.LinearReduction("none", 1, [1f], [0f], 1));
        state.Apply(new ConfiguredEvent { Sequence = 1, At = Now.AddDays(-1), Configuration = new TenantConfiguration { Arms = [new Core.Arms.Arm { Id = "a", Prices = new Core.Arms.TokenPrices(0, 0, 1e-5) }], HardCapUsd = 3 } });
        var report = state.Report() with { Windows = [new WindowReport(BudgetWindow.HardCap, 3, 3 - reported, reported, double.NaN, Now.AddHours(hoursLeft))] };
        Assert.Equal(left, EvidencePurse.Left(3, report, Now), 12);
        Assert.Equal(3, EvidencePurse.Left(3, null, Now));
    }
}
