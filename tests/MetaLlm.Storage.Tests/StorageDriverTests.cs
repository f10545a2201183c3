using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace MetaLlm.Storage.Tests;

public sealed class StorageDriverTests
{
    private static readonly Type[] Ports =
        [typeof(ITenantJournal), typeof(ITenantDirectory), typeof(IUsageReports), typeof(IUsageSums), typeof(IDecisionSearch), typeof(IResponseStore), typeof(IAnswerStore), typeof(IFileStore), typeof(IBatchStore), typeof(IJournalRetention)];

    public static TheoryData<string> Kinds => new(StorageSettings.Drivers.Select(driver => driver.Name));

    [Fact]
    public void Every_driver_of_the_assembly_is_registered_once() =>
        Assert.Equal(
            typeof(StorageDriver).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(StorageDriver))).Select(type => type.Name).Order(),
            StorageSettings.Drivers.Select(driver => driver.GetType().Name).Order());

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_driver_registers_each_port_once_from_its_own_namespace(string kind)
    {
        var services = new ServiceCollection();
        var storage = Settings(kind);
        storage.Driver.AddServices(services, storage);

        IEnumerable<Type> ports = storage.Driver.SnapshotConnection(storage) is null ? [.. Ports, typeof(IGrainStateTable)] : Ports;
        foreach (var port in ports)
        {
            var made = Assert.Single(services, service => service.ServiceType == port).ImplementationType!;
            Assert.Equal(storage.Driver.GetType().Namespace, made.Namespace);
        }

        Assert.Contains(services, service => service.ServiceType == typeof(IHostedService) && service.ImplementationType!.Namespace == storage.Driver.GetType().Namespace);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_driver_has_a_section_of_its_name_and_migrations(string kind)
    {
        Assert.Contains(typeof(StorageSettings).GetProperties(), property => property.Name.Equals(kind, StringComparison.OrdinalIgnoreCase));
        Assert.NotEmpty(MigrationSet.Embedded(kind).All);
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_driver_that_can_keep_members_has_a_connection_for_them(string kind)
    {
        var storage = Settings(kind);
        Assert.Equal(storage.Driver.Invariant is null, storage.Driver.MembershipConnection(storage) is null);
        Assert.True(storage.Driver.FileOf(storage) is null || storage.Driver.Invariant is null, "A file is one node's.");
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_driver_says_where_the_data_are_without_secrets(string kind)
    {
        var storage = Settings(kind);
        Assert.NotEmpty(storage.ToString());
        Assert.DoesNotContain("sk-secret", storage.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kind_that_nobody_drives_is_named_with_those_that_are()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new StorageSettings { Kind = "oracle" }.Driver);

        Assert.Contains("'oracle'", error.Message, StringComparison.Ordinal);
        Assert.All(StorageSettings.Drivers, driver => Assert.Contains(driver.Name, error.Message, StringComparison.Ordinal));
    }

    /// <summary>What a file of the driver says, or else what a server's does.</summary>
    private static StorageSettings Settings(string kind)
    {
        var found = new List<SettingsError>();
        var file = new StorageSettings { Kind = kind };
        file.Complete(Path.GetTempPath(), new SettingsErrors("storage", found));
        if (found.Count == 0)
        {
            return file;
        }

        found.Clear();
        var server = new StorageSettings { Kind = kind, ConnectionEnvironment = new EnvironmentValue("DB", "Host=localhost;Password=sk-secret") };
        server.Complete(null, new SettingsErrors("storage", found));
        Assert.Empty(found);
        return server;
    }
}
