using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace MetaLlm.Engine.Orleans.Tests.Hosting;

public sealed class OptionsTests
{
    [Fact]
    public void Every_option_out_of_range_is_named_with_its_value()
    {
        using var host = Build(options =>
        {
            options.StreamProvider = " ";
            options.SnapshotStorage = "";
            options.CatchUpPeriod = TimeSpan.Zero;
            options.SweepPeriod = TimeSpan.FromDays(1);
            options.IdleAge = TimeSpan.FromSeconds(1);
            options.RewardsPerItem = 0;
            options.EmbeddingWorkers = 0;
            options.ProviderCallWorkers = 1025;
            options.JournalWorkers = -1;
        });

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<OrleansEngineOptions>>().Value);

        Assert.Equal(9, error.Failures.Count());
        Assert.Contains("IdleAge is 00:00:01; it must be between 00:00:02 and 7.00:00:00.", error.Failures);
        Assert.Contains("ProviderCallWorkers is 1025; it must be between 1 and 1024.", error.Failures);
    }

    [Fact]
    public void The_defaults_are_legal() => Assert.True(new RangeValidator<OrleansEngineOptions>().Validate(null, new OrleansEngineOptions()).Succeeded);

    [Fact]
    public void Idle_tenants_are_looked_for_more_often_than_they_age()
    {
        using var host = Build(options => options.IdleAge = TimeSpan.FromSeconds(10));

        var collection = host.Services.GetRequiredService<IOptions<GrainCollectionOptions>>().Value;

        Assert.Contains(collection.ClassSpecificCollectionAge, age => age.Key.EndsWith("TenantPolicyGrain", StringComparison.Ordinal) && age.Value == TimeSpan.FromSeconds(10));
        Assert.Equal(TimeSpan.FromSeconds(5), collection.CollectionQuantum);
    }

    [Theory]
    [InlineData("IEmbedder", "AddMetaLlmEmbeddings")]
    [InlineData("IChatProvider", "AddMetaLlmProviders")]
    [InlineData("ITenantJournal", "AddMetaLlmSqlite")]
    public void A_silo_without_what_its_workers_need_is_refused_by_name(string missing, string cure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.UseOrleans(silo => silo.AddMetaLlm());
        using var host = builder.Build();

        var error = Assert.Throws<OptionsValidationException>(() => host.Services.GetRequiredService<IOptions<OrleansEngineOptions>>().Value);

        Assert.Contains(missing, error.Message, StringComparison.Ordinal);
        Assert.Contains(cure, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Cluster_options_that_are_wrong_are_named_together()
    {
        var options = new OrleansClusterOptions
        {
            ClusterId = "", ServiceId = " ", Membership = ClusterMembership.Database, SiloPort = 0, GatewayPort = 70_000, AdvertisedAddress = System.Net.IPAddress.Any,
        };

        var error = Assert.Throws<ArgumentException>(options.ThrowIfInvalid);

        foreach (var name in (string[])["ClusterId", "ServiceId", "ConnectionString", "SiloPort is 0", "GatewayPort is 70000", "AdvertisedAddress"])
        {
            Assert.Contains(name, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_database_without_a_connection_string_is_refused()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);

        var error = Assert.Throws<ArgumentException>(() => builder.UseOrleans(silo => silo.AddMetaLlmSnapshots(SnapshotStorage.Database)));

        Assert.Contains("connectionString is empty", error.Message, StringComparison.Ordinal);
    }

    private static IHost Build(Action<OrleansEngineOptions> configure)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(new InMemoryStoreFixture().Journal);
        builder.Services.AddKeyedSingleton<IEmbedder>(LocalServices.Key, new FixedEmbedder());
        builder.Services.AddKeyedSingleton<IChatProvider>(LocalServices.Key, new ScriptedProvider());
        builder.UseOrleans(silo => silo.UseMetaLlmCluster(new OrleansClusterOptions()).AddMetaLlmSnapshots(SnapshotStorage.Memory).AddMetaLlm(configure));
        return builder.Build();
    }
}
