using System.Text;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Host;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests.Configuration;

public sealed class SettingsReaderTests
{
    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var settings = Read(Mistakes.Good);
        Assert.Equal("http://127.0.0.1:8080/", settings.Listen.Single().ToString());
        Assert.Equal("orleans", settings.Engine);
        Assert.Equal(3, settings.Routing.MaxAttempts);
        Assert.Equal(Path.GetFullPath("data/metallm.db"), settings.Storage.Sqlite.Path);
        Assert.Null(settings.AnonymousTenant);
        var tenant = settings.Tenants["t"];
        Assert.Equal("metallm", tenant.Configuration.Policy);
        Assert.Equal(ContextParts.All, tenant.Configuration.Parts);
        Assert.Equal("a", tenant.Targets["a"].Model);
        Assert.Equal(1.5e-6, tenant.Targets["a"].Prices.CachedInput, 15);
        Assert.Equal(32, Assert.Single(tenant.KeyHashes).Length);
    }

    [Theory]
    [MemberData(nameof(Mistakes.OfOneMember), MemberType = typeof(Mistakes))]
    [MemberData(nameof(Mistakes.OfSeveralMembers), MemberType = typeof(Mistakes))]
    public void A_mistake_is_named_with_its_place_and_what_is_legal(string old, string changed, string path, string says)
    {
        var failure = Assert.Throws<SettingsException>(() => Read(Mistakes.Make(old, changed)));
        var error = Assert.Single(failure.Errors);
        Assert.StartsWith(path, error.Path, StringComparison.Ordinal);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_unsettled_call_expires_after_the_longest_that_the_upstreams_allow_unless_another_time_is_set()
    {
        Assert.Equal(TimeSpan.FromMinutes(15), Read(Mistakes.Good).Runtime.Tenants.UnsettledLimit);
        var patient = Read(With("\"routing\":{\"attemptBudgetSeconds\":100}").Replace("\"apiKeyEnvironment\":\"UP_KEY\"", "\"totalTimeoutSeconds\":1000", StringComparison.Ordinal));
        Assert.Equal(1160, patient.Runtime.Tenants.UnsettledLimit!.Value.TotalSeconds);

        var hasty = Assert.Throws<SettingsException>(() => Read(With("\"runtime\":{\"unsettledLimitSeconds\":700}")));
        var error = Assert.Single(hasty.Errors);
        Assert.Equal("MetaLlm.upstreams.up.totalTimeoutSeconds", error.Path);
        Assert.Contains("is 600; with routing.attemptBudgetSeconds (180) it must be at most runtime.unsettledLimitSeconds (700)", error.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cluster_is_read_whole()
    {
        var settings = Read(With("""
            "role":"gateway","storage":{"kind":"postgres","connectionEnvironment":"DB"},
            "cluster":{"clusterId":"c","serviceId":"s","membership":"postgres","siloPort":1,"gatewayPort":2,"advertisedAddressEnvironment":"POD_IP","streamProvider":"metallm-memory"}
            """), new SettingsContext { Variable = name => name == "POD_IP" ? "10.1.2.3" : Mistakes.Variable(name) });

        var cluster = settings.Cluster.Options;
        Assert.Equal(NodeRole.Gateway, settings.Role);
        Assert.Equal(("c", "s", ClusterMembership.Database, 1, 2), (cluster.ClusterId, cluster.ServiceId, cluster.Membership, cluster.SiloPort, cluster.GatewayPort));
        Assert.Equal(("10.1.2.3", "metallm-memory"), (cluster.AdvertisedAddress.ToString(), settings.Cluster.StreamProvider));
        Assert.Equal("DB-value", settings.Storage.Postgres.ConnectionString);
        Assert.Equal("PostgreSQL, by environment variable DB", settings.Storage.ToString());
    }

    [Fact]
    public void What_operators_tune_is_read_into_the_options()
    {
        var settings = Read(With("""
            "runtime":{"checkpointEvery":7,"unsettledLimitSeconds":1200,"sweepLimit":8,"catchUpPeriodSeconds":2.5,"sweepPeriodSeconds":9,"idleAgeSeconds":30,"journalWorkers":3},
            "storage":{"sqlite":{"durability":"processCrash","busyTimeoutSeconds":0},"postgres":{"writers":5,"readPoolSize":6,"commandTimeoutSeconds":7}},
            "embeddings":{"threads":2}
            """));

        Assert.Equal((7, TimeSpan.FromMinutes(20), 8), (settings.Runtime.Tenants.CheckpointEvery, settings.Runtime.Tenants.UnsettledLimit!.Value, settings.Runtime.Tenants.SweepLimit));
        var silo = settings.Runtime.Silo;
        Assert.Equal((2.5, 9, 30, 3), (silo.CatchUpPeriod.TotalSeconds, silo.SweepPeriod.TotalSeconds, silo.IdleAge.TotalSeconds, silo.JournalWorkers));
        Assert.Equal((Storage.Sqlite.SqliteDurability.ProcessCrash, TimeSpan.Zero), (settings.Storage.Sqlite.Durability, settings.Storage.Sqlite.BusyTimeout));
        Assert.Equal((5, 6, 7), (settings.Storage.Postgres.Writers, settings.Storage.Postgres.ReadPoolSize, settings.Storage.Postgres.CommandTimeout.TotalSeconds));
        Assert.Equal(2, settings.Embeddings.Threads);
    }

    [Fact]
    public void What_an_arm_changes_in_requests_and_charges_is_read()
    {
        var options = Read(Mistakes.Make("\"id\":\"a\"", """
            "id":"a","contextTokens":9,"maxOutputTokens":8,"dropParameters":["seed"],"renameParameters":{"max_tokens":"max_completion_tokens"},"cacheWriteUsdPerMillion":2,"audioOutputUsdPerMillion":40,
            "defaults":{"temperature":0.2,"store":false,"reasoning_effort":"low","stop":"[\"x\"]","user":"\"7\""}
            """)).Tenants["t"].Targets["a"].Options;
        Assert.Equal(["seed"], options.DropParameters);
        Assert.Equal([new("max_tokens", "max_completion_tokens")], options.RenameParameters);
        Assert.Equal(
            [new("reasoning_effort", "\"low\""), new("stop", "[\"x\"]"), new("store", "false"), new("temperature", "0.2"), new("user", "\"7\"")],
            options.Defaults.OrderBy(d => d.Key, StringComparer.Ordinal));
        Assert.Equal(new UsagePrices(1.5e-6, 1.5e-6, 2e-6, 6e-6, 1.5e-6, 4e-5), options.Prices);
        Assert.Equal((9, 8), (options.ContextTokens, options.MaxOutputTokens));
        var arm = Read(Mistakes.Make("\"id\":\"a\"", """ "id":"a","cacheWriteUsdPerMillion":2,"audioOutputUsdPerMillion":40 """)).Tenants["t"].Configuration.Arms[0];
        Assert.Equal((2e-6, 4e-5), (arm.MostInputPrice, arm.MostOutputPrice));
        Assert.Equal((0, 0), (Read(Mistakes.Good).Tenants["t"].Configuration.Arms[0].MostInputPrice, Read(Mistakes.Good).Tenants["t"].Configuration.Arms[0].MostOutputPrice));
        var usual = Read(Mistakes.Good).Tenants["t"].Targets["a"].Options;
        Assert.Equal(1.5e-6 * 1.25, usual.Prices!.CacheWrite, 12);
        Assert.Empty(usual.Defaults);
    }

    [Fact]
    public void Options_are_handed_on_whole()
    {
        var options = new Storage.Postgres.PostgresOptions { ConnectionString = "Host=h", Writers = 5, ReadOnly = true, CommandTimeout = TimeSpan.FromSeconds(7) };
        var others = new Storage.Postgres.PostgresOptions();
        options.CopyTo(others);
        Assert.Equal(("Host=h", 5, true, 7), (others.ConnectionString, others.Writers, others.ReadOnly, others.CommandTimeout.TotalSeconds));
    }

    [Fact]
    public void What_a_tenant_asks_of_its_routing_is_read_whole()
    {
        var configuration = Read(Mistakes.Make(
            "\"id\":\"t\"",
            """
            "id":"t","qualityFloor":0.8,"missingReward":{"mode":"value","value":0.25,"afterSeconds":3600,"weight":0.5},"context":["task"],
            "budget":{"usdPerHour":1,"usdPerDay":10,"usdPerMonth":200}
            """)).Tenants["t"].Configuration;
        Assert.Equal((0.8, 1, 10, 200), (configuration.QualityFloor, configuration.UsdPerHour, configuration.UsdPerDay, configuration.UsdPerMonth));
        Assert.Equal(new MissingReward { Value = 0.25, After = TimeSpan.FromHours(1), Weight = 0.5 }, configuration.MissingReward);
        Assert.Equal(ContextParts.Task, configuration.Parts);
    }

    [Fact]
    public void A_tenant_may_look_at_languages() =>
        Assert.Equal(
            ContextParts.Structural | ContextParts.Language,
            Read(Mistakes.Make("\"id\":\"t\"", "\"id\":\"t\",\"context\":[\"structural\",\"language\"]")).Tenants["t"].Configuration.Parts);

    [Fact]
    public void Missing_rewards_may_be_imputed_at_a_small_weight_unless_another_is_set()
    {
        MissingReward? Missing(string members) => Read(Mistakes.Make(
            "\"id\":\"t\"", $"\"id\":\"t\",\"missingReward\":{{\"mode\":\"impute\"{members}}}")).Tenants["t"].Configuration.MissingReward;
        Assert.Equal(new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromDays(1), Weight = 0.1 }, Missing(""));
        Assert.Equal(
            new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromMinutes(2), Weight = 0.5 }, Missing(",\"afterSeconds\":120,\"weight\":0.5"));
    }

    [Fact]
    public void A_silo_needs_no_tenants() => Assert.Empty(Read("""{"MetaLlm":{"role":"silo"}}""").Tenants);

    [Fact]
    public void Empty_and_null_say_nothing()
    {
        var settings = Read(With("\"limits\":{},\"anonymousTenant\":null,\"admin\":null,\"runtime\":{}"));
        Assert.Equal(new GatewayLimits(), settings.Limits);
        Assert.Null(settings.AnonymousTenant);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var failure = Assert.Throws<SettingsException>(() => Read("""{"MetaLlm":{"upstreams":{},"tenants":[],"extra":1,"storage":{"path":""}}}"""));
        Assert.Equal(["MetaLlm.extra", "MetaLlm.storage.path", "MetaLlm.tenants", "MetaLlm.upstreams"], failure.Errors.Select(e => e.Path).Order());
    }

    [Fact]
    public void A_gateway_in_an_application_has_no_members_of_the_process()
    {
        var failure = Assert.Throws<SettingsException>(() => SettingsReader.Read<MetaLlmSettings>(Json(With("\"role\":\"silo\"")), Context));
        Assert.StartsWith("is not known; MetaLlm takes anonymousTenant", Assert.Single(failure.Errors).Problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("simulator.json")]
    [InlineData("openai.json")]
    [InlineData("compatible.json")]
    public void The_worked_examples_are_sound(string file)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "config", file)).Build();
        Assert.NotEmpty(SettingsReader.Read<HostSettings>(configuration, Context).Tenants);
    }

    private static SettingsContext Context { get; } = new() { Variable = Mistakes.Variable };

    private static string With(string members) => Mistakes.Make("\"upstreams\":{", members + ",\"upstreams\":{");

    internal static HostSettings Read(string json, SettingsContext? context = null) => SettingsReader.Read<HostSettings>(Json(json), context ?? Context);

    private static IConfigurationRoot Json(string json)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        return new ConfigurationBuilder().AddJsonStream(stream).Build();
    }
}
