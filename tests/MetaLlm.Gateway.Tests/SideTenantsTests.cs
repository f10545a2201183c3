using System.Diagnostics.Metrics;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Tenants;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

public sealed class SideTenantsTests
{
    [Fact]
    public async Task A_tenant_that_is_deleted_and_made_anew_tells_those_beside_it_again()
    {
        var (time, directory, engine) = (new FakeTimeProvider(), new InMemoryTenantDirectory(), new RecordingEngine("a"));
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var store = new SettingsStore(new MetaLlmSettings());
        var catalog = new TenantCatalog(store, new QuarantineList(meters, NullLogger<QuarantineList>.Instance), time, directory);
        var sides = new SideTenants(engine, settlements: null!);
        using var watcher = new DirectoryWatcher(new KeyCache(time, directory), catalog, sides, time, NullLogger<DirectoryWatcher>.Instance, directory);
        string[] names = [.. SideTenant.Suffixes.Select(suffix => "acme" + suffix), "other" + ShadowTenant.Suffix];

        Assert.Equal(names.Length, await ToldAsync());
        watcher.Forget(DirectoryAction.ReplaceTenant, "acme", keyId: null);
        Assert.Equal(names.Length, await ToldAsync());
        watcher.Forget(DirectoryAction.DeleteTenant, "acme", keyId: null);
        Assert.Equal((2 * names.Length) - 1, await ToldAsync());

        async Task<int> ToldAsync()
        {
            foreach (var name in names)
            {
                await sides.ConfigureAsync(name, TestTenants.Configuration(), default);
            }

            return engine.Configured.Count;
        }
    }
}
