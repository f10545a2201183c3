using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

public sealed class MaintenanceTests
{
    private const string Tenant = "acme";

    [Fact]
    public async Task Maintenance_charges_calls_that_nobody_settled()
    {
        await using var fixture = new InProcessEngineFixture(
            new InMemoryStoreFixture(), new TenantRuntimeOptions { UnsettledLimit = TimeSpan.FromMinutes(1) });
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(), default);
        fixture.Time.Advance(TimeSpan.FromMinutes(2));

        await fixture.InProcess.MaintainAsync(default);

        var report = await fixture.Engine.DescribeAsync(Tenant, default);
        Assert.Equal(decision.ReservedUsd, report.SpendUsd, 12);
        Assert.Equal(0, report.ReservedUsd, 12);
    }

    [Fact]
    public async Task Maintenance_leaves_tenants_in_use_in_memory()
    {
        await using var fixture = new InProcessEngineFixture(new InMemoryStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        fixture.Time.Advance(InProcessEngineFixture.IdleTimeout - TimeSpan.FromTicks(1));

        await fixture.InProcess.MaintainAsync(default);
        Assert.Null(await fixture.Snapshots.LoadAsync(Tenant, default));

        fixture.Time.Advance(TimeSpan.FromTicks(1));
        await fixture.InProcess.MaintainAsync(default);
        Assert.NotNull(await fixture.Snapshots.LoadAsync(Tenant, default));
    }
}
