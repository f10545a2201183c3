using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using ErrorCode = MetaLlm.Gateway.Http.ErrorCode;

namespace MetaLlm.Gateway.Tests;

/// <summary>Tenants are set up when they are asked for, and the one that cannot be is set apart.</summary>
public sealed class TenantSetupsTests : IDisposable
{
    private const string Document = """{"id":"acme","arms":[{"id":"a","upstream":"up"}]}""";

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTenantDirectory _directory = new();
    private readonly RecordingEngine _engine = new();
    private readonly QuarantineList _quarantined = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), NullLogger<QuarantineList>.Instance);
    private readonly TenantCatalog _catalog;
    private readonly TenantSetups _setups;

    public TenantSetupsTests()
    {
        var store = new SettingsStore(Settings());
        _catalog = new TenantCatalog(store, _quarantined, _time, _directory);
        _setups = new TenantSetups(_engine, store, _catalog, _quarantined, _time, NullLogger<TenantSetups>.Instance);
    }

    public void Dispose() => _setups.Dispose();

    [Fact]
    public async Task A_tenant_is_told_to_its_owner_once_for_each_revision_with_a_number_that_grows()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        var first = await _setups.NamedAsync("acme", default);
        Assert.Same(first, await _setups.NamedAsync("acme", default));

        await WriteAsync(DirectoryAction.ReplaceTenant, Document.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        Assert.Same(first, await _setups.NamedAsync("acme", default));
        _catalog.Forget("acme");
        var second = await _setups.NamedAsync("acme", default);

        Assert.Equal(2, _engine.Configured.Count);
        Assert.Equal([1_000_000_001, 1_000_000_002], _engine.Configured.Select(configuration => configuration.Version));
        Assert.Equal(["b"], second.Targets.Keys);
    }

    [Fact]
    public async Task A_gateway_that_has_not_heard_of_a_change_reads_it_when_the_owner_says_that_its_own_is_old()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        var old = (await _catalog.FindAsync("acme", default))!;
        await WriteAsync(DirectoryAction.ReplaceTenant, Document.Replace("\"a\"", "\"b\"", StringComparison.Ordinal));
        _engine.ConfigurationFailure = configuration => configuration.Version == 1_000_000_001 ? new OutdatedConfigurationException("acme", 1, 2) : null;

        var served = await _setups.ReadyAsync(old, default);

        Assert.Equal(["b"], served.Targets.Keys);
    }

    [Fact]
    public async Task A_gateway_that_has_not_heard_of_a_deletion_sets_nothing_up_anew()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        var old = (await _catalog.FindAsync("acme", default))!;
        await WriteAsync(DirectoryAction.DeleteTenant, null);

        var error = await Assert.ThrowsAsync<ApiException>(async () => await _setups.ReadyAsync(old, default));

        Assert.Equal(ErrorCode.TenantNotFound, error.Error.Code);
        Assert.Empty(_engine.Configured);
    }

    [Fact]
    public async Task A_tenant_that_is_deleted_while_it_is_set_up_leaves_nothing()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        _engine.ConfigurationFailure = _ =>
        {
            Assert.True(WriteAsync(DirectoryAction.DeleteTenant, null).IsCompletedSuccessfully);
            return null;
        };

        var error = await Assert.ThrowsAsync<ApiException>(async () => await _setups.NamedAsync("acme", default));

        Assert.Equal(ErrorCode.TenantNotFound, error.Error.Code);
        Assert.Equal(["acme"], _engine.Deleted);
    }

    [Fact]
    public async Task Prices_change_at_their_moment_for_the_next_request_and_the_owner_is_told()
    {
        var moment = _time.GetUtcNow().AddHours(1);
        await WriteAsync(DirectoryAction.CreateTenant, Document.Replace(
            "\"upstream\":\"up\"",
            $$"""
            "upstream":"up","inputUsdPerMillion":1,"outputUsdPerMillion":2,"prices":[{"from":"{{moment:yyyy-MM-ddTHH:mm:ssZ}}","inputUsdPerMillion":3,"outputUsdPerMillion":4,"cacheWriteUsdPerMillion":5},{"from":"2030-01-01"}]
            """,
            StringComparison.Ordinal));
        var first = await _setups.NamedAsync("acme", default);
        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.Same(first, await _setups.NamedAsync("acme", default));
        _time.Advance(TimeSpan.FromTicks(1));
        var targets = _catalog.Targets("acme");
        var second = await _setups.NamedAsync("acme", default);
        Assert.Same(second, await _setups.NamedAsync("acme", default));

        Assert.Equal(new TokenPrices(1e-6, 1e-6, 2e-6), first.Targets["a"].Prices);
        Assert.Equal(new TokenPrices(3e-6, 3e-6, 4e-6), second.Targets["a"].Prices);
        Assert.Equal((5e-6, 5e-6), (second.Targets["a"].Options.Prices!.CacheWrite, second.Configuration.Arms[0].MostInputPrice));
        Assert.Equal(second.Targets["a"].Prices, targets["a"].Prices);
        Assert.Equal([1e-6, 3e-6], _engine.Configured.Select(configuration => configuration.Arms[0].Prices.Input));
        Assert.Equal(new TokenPrices(0, 0, 0), second.Targets["a"].PricesAt(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero)));
        Assert.Equal(first.Targets["a"].Prices, second.Targets["a"].PricesAt(moment.AddTicks(-1)));
        Assert.Equal(second.Targets["a"].Prices, first.Targets["a"].PricesAt(moment));
    }

    [Fact]
    public async Task Prices_of_embedding_models_change_at_their_moment_where_deployments_have_none_of_their_own()
    {
        var moment = _time.GetUtcNow().AddHours(1);
        await WriteAsync(DirectoryAction.CreateTenant, Document.Replace(
            "\"arms\"",
            $$"""
            "embeddingModels":[
              {"id":"e","upstream":"up","inputUsdPerMillion":1,"prices":[{"from":"{{moment:yyyy-MM-ddTHH:mm:ssZ}}","inputUsdPerMillion":3}]},
              {"id":"f","upstream":"up","inputUsdPerMillion":1,"prices":[{"from":"{{moment:yyyy-MM-ddTHH:mm:ssZ}}","inputUsdPerMillion":3}],
               "deployments":[{"name":"own","inputUsdPerMillion":7,"weight":3},{"name":"shared"}]}],
            "arms"
            """,
            StringComparison.Ordinal));
        var first = await _setups.NamedAsync("acme", default);
        _time.Advance(TimeSpan.FromHours(1));
        var second = await _setups.NamedAsync("acme", default);

        static double[] Prices(TenantSettings settings) =>
        [
            settings.EmbeddingTargets["e"].Prices.Input * 1e6, settings.EmbeddingTargets["f"].Prices.Input * 1e6,
            .. settings.EmbeddingTargets["f"].Deployments.Select(deployment => deployment.Target.Prices.Input * 1e6), settings.AllTargets["e"].Options.Prices!.Input * 1e6,
        ];
        Assert.Equal([1, 5.5, 7, 1, 1], Prices(first).Select(price => Math.Round(price, 9)));
        Assert.Equal([3, 6, 7, 3, 3], Prices(second).Select(price => Math.Round(price, 9)));
        Assert.Equal(3e-6, first.EmbeddingTargets["e"].PricesAt(moment).Input);
        Assert.All(second.AllTargets["f"].Deployments, deployment => Assert.NotNull(deployment.Target.Fixed(new TokenUsage(1, 0, 0))));
    }

    [Fact]
    public async Task A_damaged_tenant_is_refused_without_asking_again_and_tried_in_the_background()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        _engine.ConfigurationFailure = _ => new InvalidDataException("damaged");
        await RefusedAsync();
        await RefusedAsync();
        Assert.Equal((1, 1), (_engine.Configured.Count, _quarantined.Count));

        _time.Advance(TimeSpan.FromSeconds(5));
        await Eventually.TrueAsync("the tenant was tried again", () => _engine.Configured.Count == 2);
        await RefusedAsync();

        _engine.ConfigurationFailure = null;
        await Eventually.TrueAsync("the tenant is served again", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(10));
            return _quarantined.Count == 0;
        });
        await _setups.NamedAsync("acme", default);
    }

    [Fact]
    public async Task An_owner_that_is_away_sets_nothing_apart()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document);
        _engine.ConfigurationFailure = _ => new EngineUnavailableException("away");
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await _setups.NamedAsync("acme", default));
        Assert.Equal(0, _quarantined.Count);

        _engine.ConfigurationFailure = null;
        await _setups.NamedAsync("acme", default);
    }

    [Fact]
    public async Task A_document_that_cannot_be_used_is_refused_until_it_is_another()
    {
        await WriteAsync(DirectoryAction.CreateTenant, Document.Replace("up\"", "gone\"", StringComparison.Ordinal));
        await RefusedAsync();
        Assert.Equal((0, 1), (_engine.Configured.Count, _quarantined.Count));

        await WriteAsync(DirectoryAction.ReplaceTenant, Document);
        _catalog.Forget("acme");
        await _setups.NamedAsync("acme", default);
        Assert.Equal(0, _quarantined.Count);
    }

    private async Task RefusedAsync()
    {
        var error = await Assert.ThrowsAsync<ApiException>(async () => await _setups.NamedAsync("acme", default));
        Assert.Equal(ErrorCode.TenantUnavailable, error.Error.Code);
        Assert.True(error.Error.RetryAfterSeconds > 0);
    }

    private async Task WriteAsync(DirectoryAction action, string? document) =>
        await _directory.WriteAsync(new DirectoryWrite { Action = action, Actor = "me", At = _time.GetUtcNow(), Tenant = "acme", Document = document }, default);

    private static MetaLlmSettings Settings()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["MetaLlm:upstreams:up:baseUrl"] = "https://api.example.com/v1",
            ["MetaLlm:admin:keyEnvironment"] = "ADMIN",
        }).Build();
        return SettingsReader.Read<MetaLlmSettings>(configuration, new SettingsContext { Variable = _ => "key" });
    }
}
