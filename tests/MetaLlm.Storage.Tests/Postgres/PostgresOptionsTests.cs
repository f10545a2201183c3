using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Ports;
using MetaLlm.Storage.Migrations;
using MetaLlm.Storage.Postgres;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace MetaLlm.Storage.Tests.Postgres;

public sealed class PostgresOptionsTests
{
    [Fact]
    public void Options_out_of_range_are_all_reported()
    {
        var result = new RangeValidator<PostgresOptions>().Validate(null, new PostgresOptions
        {
            ConnectionString = " ",
            Writers = 0,
            ReadPoolSize = 1001,
            MaxBatchSize = 0,
            QueueCapacity = 0,
            ConnectTimeout = TimeSpan.Zero,
            CommandTimeout = TimeSpan.FromSeconds(1.5),
            LockTimeout = TimeSpan.Zero,
            IdleInTransactionTimeout = TimeSpan.FromMinutes(6),
            LostPeerTimeout = TimeSpan.FromSeconds(2),
            SnapshotPoolSize = 0,
            ClockTolerance = TimeSpan.FromDays(2),
        });

        Assert.Equal(12, result.Failures!.Count());
        Assert.Contains("LostPeerTimeout is 00:00:02; it must be whole seconds between 00:00:03 and 00:05:00.", result.Failures!);
        Assert.Contains(result.Failures!, failure => failure.Contains("CommandTimeout is 00:00:01.5", StringComparison.Ordinal));
        Assert.True(new RangeValidator<PostgresOptions>().Validate(null, new PostgresOptions { ConnectionString = "Host=somewhere" }).Succeeded);
    }

    [Theory]
    [InlineData("Password=secret")]
    [InlineData("Host=h;Port=secret")]
    [InlineData("Host=h;Unknown=secret")]
    [InlineData("secret")]
    public void A_connection_string_that_cannot_be_used_is_reported_without_its_content(string text)
    {
        var failure = Assert.Single(new RangeValidator<PostgresOptions>().Validate(null, new PostgresOptions { ConnectionString = text }).Failures!);

        Assert.StartsWith("ConnectionString", failure, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", failure, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_application_without_a_connection_string_does_not_start()
    {
        using var host = Build("");
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync());
        Assert.Contains("ConnectionString is empty", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task An_application_starts_on_a_migrated_database_alone()
    {
        var server = await PostgresServer.SharedAsync();
        var database = await server.CreateEmptyDatabaseAsync();
        using (var tooEarly = Build(database))
        {
            Assert.Contains("metallm migrate", (await Assert.ThrowsAsync<SchemaVersionException>(() => tooEarly.StartAsync())).Message, StringComparison.Ordinal);
        }

        await PostgresMigrator.MigrateAsync(database);
        var host = Build(database);
        await host.StartAsync();
        var journal = (ITenantJournal)host.Services.GetService(typeof(ITenantJournal))!;
        await journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        Assert.Single(await journal.ReadDecisionsAsync("acme", 0, 10, default));
        await host.StopAsync();
        await ((IAsyncDisposable)host).DisposeAsync();
        await server.DropDatabaseAsync(database);
    }

    [PostgresFact]
    public async Task Who_only_reads_is_refused_to_write_by_the_server()
    {
        await using var store = await PostgresStoreFixture.CreateAsync();
        await store.Journal.AppendDecisionAsync(TestTenants.Decision("acme", 1, 0), default);
        await using var database = new PostgresDatabase(
            new PostgresOptions { ConnectionString = store.ConnectionString, ReadOnly = true },
            TimeProvider.System,
            TestTenants.Metrics(),
            NullLogger<PostgresDatabase>.Instance);
        ITenantJournal journal = new PostgresTenantJournal(database);

        Assert.Single(await journal.ReadDecisionsAsync("acme", 0, 10, default));
        var error = await Assert.ThrowsAsync<EngineUnavailableException>(
            async () => await journal.AppendDecisionAsync(TestTenants.Decision("acme", 2, 0), default));
        Assert.Contains("read-only transaction", error.Message, StringComparison.Ordinal);
        Assert.Single(await store.Journal.ReadDecisionsAsync("acme", 0, 10, default));
    }

    private static IHost Build(string connectionString)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddMetaLlmPostgres(o => o.ConnectionString = connectionString);
        return builder.Build();
    }
}
