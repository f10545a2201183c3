using System.Text;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Configuration;
using Microsoft.Extensions.Configuration;

namespace MetaLlm.Gateway.Tests;

public sealed class SettingsReaderTests
{
    private const string Good = """
        {"MetaLlm":{
          "upstreams":{"up":{"baseUrl":"https://api.example.com/v1","apiKeyEnvironment":"UP_KEY"}},
          "tenants":[{"id":"t","keyEnvironments":["T_KEY"],"arms":[{"id":"a","upstream":"up","inputUsdPerMillion":1.5,"outputUsdPerMillion":6}]}]}}
        """;

    [Fact]
    public void What_is_not_said_has_its_default()
    {
        var settings = Read(Good);
        Assert.Equal("http://127.0.0.1:8080/", settings.Listen.Single().ToString());
        Assert.Equal(3, settings.Routing.MaxAttempts);
        Assert.Null(settings.AnonymousTenant);
        var tenant = settings.Tenants["t"];
        Assert.Equal("metallm", tenant.Configuration.Policy);
        Assert.Equal("a", tenant.Targets["a"].Model);
        Assert.Equal(1.5e-6, tenant.Targets["a"].Prices.CachedInput, 15);
        Assert.Equal(32, Assert.Single(tenant.KeyHashes).Length);
    }

    [Theory]
    [InlineData("\"upstreams\":{", "\"listen\":[\"http://0.0.0.0:80\"],\"anonymousTenant\":\"t\",\"upstreams\":{", "MetaLlm.anonymousTenant", "loopback only")]
    [InlineData("\"upstreams\":{", "\"anonymousTenant\":\"who\",\"upstreams\":{", "MetaLlm.anonymousTenant", "no tenant; tenants are t")]
    [InlineData("\"upstreams\":{", "\"listen\":[\"https://127.0.0.1:80\"],\"upstreams\":{", "MetaLlm.listen", "http://ADDRESS:PORT")]
    [InlineData("\"upstreams\":{", "\"limits\":{\"bodyBytes\":12},\"upstreams\":{", "MetaLlm.limits.bodyBytes", "is '12'; it must be a whole number from 1024")]
    [InlineData("\"upstreams\":{", "\"routing\":{\"coolDownSeconds\":9,\"maxCoolDownSeconds\":3},\"upstreams\":{", "MetaLlm.routing.maxCoolDownSeconds", "at least coolDownSeconds (9)")]
    [InlineData("UP_KEY", "NO_KEY", "MetaLlm.upstreams.up.apiKeyEnvironment", "'NO_KEY', which is not set")]
    [InlineData("https://api.example.com/v1", "api.example.com", "MetaLlm.upstreams.up.baseUrl", "http or https address")]
    [InlineData("\"apiKeyEnvironment\":\"UP_KEY\"", "\"apiKey\":\"sk-secret\"", "MetaLlm.upstreams.up.apiKey", "is not known")]
    [InlineData("\"upstream\":\"up\"", "\"upstream\":\"down\"", "MetaLlm.tenants[0].arms[0].upstream", "is 'down'; upstreams are up")]
    [InlineData("\"id\":\"a\"", "\"id\":\"auto\"", "MetaLlm.tenants[0].arms[0].id", "asks for routing")]
    [InlineData("\"id\":\"a\",", "", "MetaLlm.tenants[0].arms[0].id", "is missing")]
    [InlineData("\"inputUsdPerMillion\":1.5", "\"inputUsdPerMillion\":\"cheap\"", "MetaLlm.tenants[0].arms[0].inputUsdPerMillion", "is 'cheap'; it must be a number from 0")]
    [InlineData("\"id\":\"t\"", "\"id\":\"t t\"", "MetaLlm.tenants[0].id", "letters, digits")]
    [InlineData("\"id\":\"t\"", "\"policy\":\"luck\",\"id\":\"t\"", "MetaLlm.tenants[0].policy", "known policies are metallm")]
    [InlineData("\"id\":\"t\"", "\"policyOptions\":{\"zeal\":1},\"id\":\"t\"", "MetaLlm.tenants[0].policyOptions.zeal", "no option of policy")]
    [InlineData("\"id\":\"t\"", "\"budget\":{\"usdPerRequest\":0},\"id\":\"t\"", "MetaLlm.tenants[0].budget.usdPerRequest", "a number above 0")]
    [InlineData("\"id\":\"t\"", "\"context\":[\"mood\"],\"id\":\"t\"", "MetaLlm.tenants[0].context", "structural, task and embedding")]
    [InlineData("\"upstreams\":{", "\"engine\":\"steam\",\"upstreams\":{", "MetaLlm.engine", "is 'steam', which does not exist; it must be orleans, or be left out")]
    [InlineData("\"upstreams\":{", "\"role\":\"king\",\"upstreams\":{", "MetaLlm.role", "one of all, gateway, silo")]
    [InlineData("\"upstreams\":{", "\"engine\":\"in-process\",\"upstreams\":{", "MetaLlm.engine", "there is no longer: leave it out")]
    [InlineData("\"upstreams\":{", "\"cluster\":{\"streamProvider\":\"rewards\"},\"upstreams\":{", "MetaLlm.cluster.streamProvider", "is 'rewards', which does not exist; it must be mine, or be left out")]
    [InlineData("\"upstreams\":{", "\"cluster\":{\"siloPort\":70000},\"upstreams\":{", "MetaLlm.cluster.siloPort", "a whole number from 1 to 65535")]
    [InlineData("\"upstreams\":{", "\"cluster\":{\"membership\":\"postgres\"},\"upstreams\":{", "MetaLlm.cluster.membership", "storage.kind is sqlite")]
    [InlineData("\"upstreams\":{", "\"cluster\":{\"advertisedAddress\":\"0.0.0.0\"},\"upstreams\":{", "MetaLlm.cluster.advertisedAddress", "the IP address under which")]
    [InlineData("\"upstreams\":{", "\"cluster\":{\"advertisedAddressEnvironment\":\"NO_IP\"},\"upstreams\":{", "MetaLlm.cluster.advertisedAddressEnvironment", "'NO_IP', which is not set")]
    [InlineData("\"upstreams\":{", "\"storage\":{\"kind\":\"postgres\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "is missing")]
    [InlineData("\"upstreams\":{", "\"storage\":{\"kind\":\"postgres\",\"connectionEnvironment\":\"NO_DB\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "'NO_DB', which is not set")]
    [InlineData("\"upstreams\":{", "\"storage\":{\"connectionEnvironment\":\"DB\"},\"upstreams\":{", "MetaLlm.storage.connectionEnvironment", "belongs to kind postgres")]
    [InlineData("\"id\":\"t\"", "\"budget\":{\"usdPerMonth\":0},\"id\":\"t\"", "MetaLlm.tenants[0].budget.usdPerMonth", "a number above 0")]
    [InlineData("\"id\":\"t\"", "\"qualityFloor\":1.2,\"id\":\"t\"", "MetaLlm.tenants[0].qualityFloor", "a number from 0 to 1")]
    [InlineData("\"id\":\"t\"", "\"qualityFloor\":0.8,\"priceWeight\":2,\"id\":\"t\"", "MetaLlm.tenants[0].qualityFloor", "one of the two must go")]
    [InlineData("\"id\":\"t\"", "\"missingReward\":{\"mode\":\"guess\"},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.mode", "one of ignore, value, impute")]
    [InlineData("\"id\":\"t\"", "\"missingReward\":{\"mode\":\"impute\",\"value\":1},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.value", "belongs to mode 'value'")]
    [InlineData("\"id\":\"t\"", "\"missingReward\":{\"mode\":\"value\"},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.value", "is missing")]
    [InlineData("\"id\":\"t\"", "\"missingReward\":{\"value\":0},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.mode", "takes no value")]
    [InlineData("\"id\":\"t\"", "\"missingReward\":{\"mode\":\"value\",\"value\":0,\"afterSeconds\":5},\"id\":\"t\"", "MetaLlm.tenants[0].missingReward.afterSeconds", "a number from 60")]
    [InlineData("\"upstreams\":{", "\"admin\":{\"keyEnvironment\":\"T_KEY\"},\"upstreams\":{", "MetaLlm.admin.keyEnvironment", "tenant 't' has too")]
    [InlineData("\"upstreams\":{", "\"limits\":{\"warmStartRows\":7},\"upstreams\":{", "MetaLlm.limits.warmStartRows", "a whole number from 8 to 50000")]
    [InlineData("T_KEY", "NO_KEY", "MetaLlm.tenants[0].keyEnvironments", "'NO_KEY', which is not set")]
    public void A_mistake_is_named_with_its_place_and_what_is_legal(string old, string changed, string path, string says)
    {
        var failure = Assert.Throws<SettingsException>(() => Read(Good.Replace(old, changed, StringComparison.Ordinal)));
        var error = Assert.Single(failure.Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(says, error.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain("sk-secret", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_may_name_the_engine_that_there_is() =>
        Assert.Equivalent(Read(Good), Read(With("\"engine\":\"orleans\"")), strict: true);

    [Fact]
    public void A_cluster_is_read_whole()
    {
        var settings = Read(With("""
            "role":"gateway","storage":{"kind":"postgres","connectionEnvironment":"DB"},
            "cluster":{"clusterId":"c","serviceId":"s","membership":"postgres","siloPort":1,"gatewayPort":2,"advertisedAddressEnvironment":"POD_IP","streamProvider":"p"}
            """), new SettingsContext { Variable = name => name == "POD_IP" ? "10.1.2.3" : Variable(name) });

        Assert.Equal(NodeRole.Gateway, settings.Role);
        Assert.Equal(
            new ClusterSettings
            {
                ClusterId = "c",
                ServiceId = "s",
                Membership = ClusterMembership.Postgres,
                SiloPort = 1,
                GatewayPort = 2,
                AdvertisedAddress = System.Net.IPAddress.Parse("10.1.2.3"),
                StreamProvider = "p",
            },
            settings.Cluster);
        Assert.Equal("DB-value", settings.Storage.ConnectionString);
        Assert.DoesNotContain("DB-value", settings.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_tenant_asks_of_its_routing_is_read_whole()
    {
        var configuration = Read(Good.Replace(
            "\"id\":\"t\"",
            """
            "id":"t","qualityFloor":0.8,"missingReward":{"mode":"value","value":0.25,"afterSeconds":3600,"weight":0.5},
            "budget":{"usdPerHour":1,"usdPerDay":10,"usdPerMonth":200}
            """,
            StringComparison.Ordinal)).Tenants["t"].Configuration;
        Assert.Equal((0.8, 1, 10, 200), (configuration.QualityFloor, configuration.UsdPerHour, configuration.UsdPerDay, configuration.UsdPerMonth));
        Assert.Equal(new MissingReward { Value = 0.25, After = TimeSpan.FromHours(1), Weight = 0.5 }, configuration.MissingReward);
    }

    [Fact]
    public void Missing_rewards_may_be_imputed_at_a_small_weight_unless_another_is_set()
    {
        MissingReward? Missing(string members) => Read(Good.Replace(
            "\"id\":\"t\"", $"\"id\":\"t\",\"missingReward\":{{\"mode\":\"impute\"{members}}}", StringComparison.Ordinal)).Tenants["t"].Configuration.MissingReward;
        Assert.Equal(new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromDays(1), Weight = 0.1 }, Missing(""));
        Assert.Equal(
            new MissingReward { Mode = MissingRewardMode.Impute, After = TimeSpan.FromMinutes(2), Weight = 0.5 }, Missing(",\"afterSeconds\":120,\"weight\":0.5"));
    }

    [Fact]
    public void A_silo_needs_no_tenants()
    {
        Assert.Empty(Read("""{"MetaLlm":{"role":"silo"}}""").Tenants);
    }

    [Fact]
    public void All_mistakes_are_told_at_once()
    {
        var failure = Assert.Throws<SettingsException>(() => Read("""{"MetaLlm":{"upstreams":{},"tenants":[],"extra":1,"storage":{"path":""}}}"""));
        Assert.Equal(
            ["MetaLlm.upstreams", "MetaLlm.tenants", "MetaLlm.extra", "MetaLlm.storage.path"],
            failure.Errors.Select(e => e.Path).OrderBy(p => Array.IndexOf(["MetaLlm.upstreams", "MetaLlm.tenants", "MetaLlm.extra", "MetaLlm.storage.path"], p)));
    }

    [Theory]
    [InlineData("simulator.json")]
    [InlineData("openai.json")]
    [InlineData("compatible.json")]
    public void The_worked_examples_are_sound(string file)
    {
        var configuration = new ConfigurationBuilder().AddJsonFile(Path.Combine(AppContext.BaseDirectory, "config", file)).Build();
        var settings = SettingsReader.Read(configuration, new SettingsContext { Variable = name => name + "-value" });
        Assert.NotEmpty(settings.Tenants);
    }

    private static string With(string members) => Good.Replace("\"upstreams\":{", members + ",\"upstreams\":{", StringComparison.Ordinal);

    private static string? Variable(string name) => name.StartsWith("NO_", StringComparison.Ordinal) ? null : name + "-value";

    private static MetaLlmSettings Read(string json, SettingsContext? context = null)
    {
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(json));
        var configuration = new ConfigurationBuilder().AddJsonStream(stream).Build();
        return SettingsReader.Read(configuration, context ?? new SettingsContext { Variable = Variable, StreamProviders = ["mine"] });
    }
}
