using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.TenantDirectory;
using MetaLlm.Gateway.Authentication;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Management;
using MetaLlm.Gateway.Rollout;
using MetaLlm.Gateway.Rollout.Challengers;
using MetaLlm.Gateway.Tenants;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

/// <summary>Challengers are looked at as often as their tenant says, and promoted where it wants that.</summary>
public sealed class ChallengerWatchTests : IAsyncLifetime, IDisposable
{
    private const string Document =
        """{"id":"acme","policy":"random","arms":[{"id":"a","upstream":"up"},{"id":"b","upstream":"up"}],"challenger":{"policy":"best-single","promote":"automatic","leastDecisions":60,"leastEffective":20}}""";

    private readonly FakeTimeProvider _time = new();
    private readonly InMemoryTenantJournal _journal = new();
    private readonly InMemoryTenantDirectory _directory = new();
    private readonly TenantState _state = TenantState.Create("acme", "none", new LinearReduction("none", 1, [1f], [0f], 1));
    private readonly KeyCache _keys;
    private readonly TenantCatalog _catalog;
    private readonly TenantSetups _setups;
    private readonly ChallengerLooks _looks;
    private readonly ChallengerWatch _watch;

    public ChallengerWatchTests()
    {
        var meters = new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>();
        var store = new SettingsStore(Settings());
        var quarantined = new QuarantineList(meters, NullLogger<QuarantineList>.Instance);
        var engine = new RecordingEngine();
        _catalog = new TenantCatalog(store, quarantined, _time, _directory);
        _setups = new TenantSetups(engine, store, _catalog, quarantined, _time, NullLogger<TenantSetups>.Instance);
        _keys = new KeyCache(_time, _directory);
        var watcher = new DirectoryWatcher(_keys, _catalog, new SideTenants(engine, settlements: null!), _time, NullLogger<DirectoryWatcher>.Instance, _directory);
        var metrics = new ChallengerMetrics(meters);
        _looks = new ChallengerLooks(metrics, _time, _journal);
        var challengers = new ChallengerAdministration(new TenantAdministration(store, engine, watcher, _setups, _time, _directory), _catalog, _setups, _looks, metrics, _time);
        _watch = new ChallengerWatch(_catalog, _looks, challengers, _time, NullLogger<ChallengerWatch>.Instance);
    }

    public async Task InitializeAsync()
    {
        await _directory.WriteAsync(new DirectoryWrite { Action = DirectoryAction.CreateTenant, Actor = "me", At = _time.GetUtcNow(), Tenant = "acme", Document = Document }, default);
        var tenant = await _catalog.NamedAsync("acme", default);
        _state.Apply(await _journal.AppendConfigurationAsync("acme", tenant.Configuration, _time.GetUtcNow(), default));
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose()
    {
        _watch.Dispose();
        _looks.Dispose();
        _setups.Dispose();
    }

    [Fact]
    public async Task A_challenger_is_promoted_by_itself_once_its_gate_is_open()
    {
        await DecideAsync(30);
        await _watch.LookAsync(default);
        Assert.Equal("random", (string?)(await DocumentAsync())["policy"]);

        await DecideAsync(90);
        await _watch.LookAsync(default);
        Assert.Equal("random", (string?)(await DocumentAsync())["policy"]);

        _time.Advance(TimeSpan.FromHours(1));
        await _watch.LookAsync(default);
        var promoted = await DocumentAsync();
        Assert.Equal(("best-single", "relearn", "random"), ((string?)promoted["policy"], (string?)promoted["policyRestart"], (string?)promoted["replacedPolicy"]!["policy"]));
        Assert.Null(promoted["challenger"]);
        var changes = await _directory.ReadChangesAsync(new DirectoryChangeQuery(), default);
        Assert.Equal((DirectoryAction.PromoteChallenger, "challenger"), (changes[^1].Action, changes[^1].Actor));

        _time.Advance(TimeSpan.FromHours(1));
        await _watch.LookAsync(default);
        Assert.Equal(changes.Count, (await _directory.ReadChangesAsync(new DirectoryChangeQuery(), default)).Count);
    }

    [Fact]
    public async Task A_look_reads_a_bounded_part_and_the_next_one_goes_on()
    {
        await DecideAsync(ChallengerLooks.MostDecisions + 10, withFeedback: false);
        var tenant = await _catalog.NamedAsync("acme", default);
        var first = (await _looks.LookAsync(tenant, default))!;
        Assert.Equal((ChallengerLooks.MostDecisions, 10), (first.Figures.Decisions, first.Figures.Behind));
        Assert.StartsWith("It has 10 decisions of the log still to read.", first.Reasons[0], StringComparison.Ordinal);
        Assert.Same(first.Figures, (await _looks.LookAsync(tenant, default))!.Figures);

        _time.Advance(ChallengerLooks.WhileBehind);
        var second = (await _looks.LookAsync(tenant, default))!;
        Assert.Equal((ChallengerLooks.MostDecisions + 10, 0), (second.Figures.Decisions, second.Figures.Behind));
    }

    private async Task DecideAsync(int decisions, bool withFeedback = true)
    {
        for (var i = 0; i < decisions; i++)
        {
            var decision = _state.Decide(new DecisionRequest { Features = new QueryFeatures(new float[StructuralFeatures.Count], [], null, 10) }, _time.GetUtcNow());
            _state.Apply(decision);
            await _journal.AppendDecisionsAsync([decision], default);
            if (withFeedback)
            {
                await _journal.AppendFeedbackAsync("acme", [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = decision.ChosenArm == "b" ? 1 : 0 }], _time.GetUtcNow(), default);
                foreach (var happened in await _journal.ReadEventsAsync("acme", _state.AppliedSequence, 10, default))
                {
                    _state.Apply(happened);
                }
            }
        }
    }

    private async Task<JsonObject> DocumentAsync() => (JsonObject)JsonNode.Parse((await _directory.FindTenantAsync("acme", default))!.Document)!;

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
