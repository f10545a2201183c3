using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Text.Json.Nodes;
using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tenants;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.Host;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Gateway.Tests.Configuration;

/// <summary>What the log says of a configuration file that changes while the gateway serves.</summary>
public sealed class ReloadTests : IAsyncLifetime, IDisposable
{
    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("metallm-reload-").FullName, "metallm.json");
    private readonly LineLogger _log = new();
    private readonly RecordingEngine _engine = new();
    private readonly ReloadStatus _status = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
    private readonly JsonNode _json = JsonNode.Parse(Mistakes.Make("\"upstreams\":{", "\"upstreams\":{\"sim\":{\"kind\":\"simulator\"},"))!;
    private ConfigurationFile _file = null!;
    private SettingsStore _store = null!;
    private SettingsReloader _reloader = null!;

    public async Task InitializeAsync()
    {
        await File.WriteAllTextAsync(_path, _json.ToJsonString());
        _file = ConfigurationFile.Open(_path);
        _store = new SettingsStore(Read(new SettingsContext()));
        _reloader = new SettingsReloader(
            _file.Configuration,
            () => Read(new SettingsContext { Running = true, SimulatorAddress = new Uri("http://127.0.0.1:9/v1"), SourceError = () => _file.Error }),
            _store,
            Setups(),
            new StartGate(),
            _status,
            new SecretFiles(),
            TimeProvider.System,
            _log);
        await _reloader.StartedAsync(default);
        await Eventually.TrueAsync("the tenants are set up", () => _store.Current.Tenants.Values.All(tenant => tenant.Setup.InForce is not null));
        _log.Lines.Clear();
    }

    [Fact]
    public async Task What_is_followed_at_once_is_in_force()
    {
        Section["limits"] = new JsonObject { ["feedbackItems"] = 7 };
        await WriteAsync(_json.ToJsonString());

        Assert.Contains("The new configuration is in force: 1 tenants, 1 arms.", await SaidAsync("configuration"), StringComparison.Ordinal);
        Assert.Equal(7, _store.Current.Limits.FeedbackItems);
    }

    [Fact]
    public async Task What_needs_a_restart_is_named_and_keeps_its_value()
    {
        Section["listen"] = new JsonArray("http://127.0.0.1:9999");
        Section["storage"] = new JsonObject { ["path"] = "elsewhere.db", ["sqlite"] = new JsonObject { ["maxBatchSize"] = 9 } };
        Section["routing"] = new JsonObject { ["maxAttempts"] = 9 };
        Section["upstreams"]!["sim"]!["timeScale"] = 0.5;
        Section["limits"] = new JsonObject { ["feedbackItems"] = 7 };
        await WriteAsync(_json.ToJsonString());

        var said = await SaidAsync("configuration");
        Assert.StartsWith("Warning", said, StringComparison.Ordinal);
        Assert.Contains(
            "in force but for MetaLlm.listen, MetaLlm.storage.path, MetaLlm.storage.sqlite.maxBatchSize, MetaLlm.routing.maxAttempts, MetaLlm.upstreams.sim.timeScale: these need a restart",
            said,
            StringComparison.Ordinal);
        var current = (HostSettings)_store.Current;
        Assert.Equal((3, null, 7), (current.Routing.MaxAttempts, current.Upstreams["sim"].TimeScale, current.Limits.FeedbackItems));
        Assert.Equal("http://127.0.0.1:8080", current.ListenTexts.Single());
    }

    [Fact]
    public async Task A_file_that_is_no_json_is_refused_with_the_line_and_said_once()
    {
        await WriteAsync("{\n  \"MetaLlm\": {,\n}");
        Assert.Contains("no well-formed JSON at line 2, byte 15", await SaidAsync("refused"), StringComparison.Ordinal);

        // The next change is told apart from the one before, and that one was told once.
        Section["limits"] = new JsonObject { ["feedbackItems"] = 7 };
        await WriteAsync(_json.ToJsonString());
        await SaidAsync("in force:");
        Assert.Single(_log.Lines, l => l.Contains("line 2", StringComparison.Ordinal));
        Assert.DoesNotContain(_log.Lines, l => l.Contains("MetaLlm is missing", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_is_refused_and_the_settings_before_stay()
    {
        var before = _store.Current;
        Section["limits"] = new JsonObject { ["feedbackItems"] = 0 };
        await WriteAsync(_json.ToJsonString());

        Assert.Contains("MetaLlm.limits.feedbackItems is '0'; it must be a whole number from 1 to 100000.", await SaidAsync("refused"), StringComparison.Ordinal);
        Assert.Same(before, _store.Current);
    }

    [Fact]
    public async Task Readiness_says_how_the_last_configuration_stands()
    {
        Assert.Equal(ReloadOutcome.InForce, _status.Outcome);
        Section["limits"] = new JsonObject { ["feedbackItems"] = 0 };
        await WriteAsync(_json.ToJsonString());
        await SaidAsync("refused");
        Assert.Equal(ReloadOutcome.Refused, _status.Outcome);

        Section["limits"] = new JsonObject { ["feedbackItems"] = 7 };
        Section["listen"] = new JsonArray("http://127.0.0.1:9999");
        await WriteAsync(_json.ToJsonString());
        await SaidAsync("need a restart");
        Assert.Equal(ReloadOutcome.NeedsRestart, _status.Outcome);
    }

    [Fact]
    public async Task A_tenant_whose_policy_would_forget_keeps_its_settings_and_the_rest_is_in_force()
    {
        var before = _store.Current.Tenants.Values.Single();
        _engine.ConfigurationRefusal = new PolicyRestartException(new ForgottenLearning(before.Id, ["policy"], 2412, 1807, 0, 0));
        Section["limits"] = new JsonObject { ["feedbackItems"] = 7 };
        Section["tenants"]![0]!["policy"] = "linucb";
        await WriteAsync(_json.ToJsonString());

        await SaidAsync($"but for the tenants {before.Id}");
        Assert.Contains("would forget 2412 decisions, 1807 rewards", await SaidAsync("starts the policy anew"), StringComparison.Ordinal);
        Assert.Equal((7, ReloadOutcome.Refused), (_store.Current.Limits.FeedbackItems, _status.Outcome));
        Assert.Same(before, _store.Current.Tenants[before.Id]);

        _log.Lines.Clear();
        Section["tenants"]![0]!["policyRestart"] = "relearn";
        await WriteAsync(_json.ToJsonString());
        await SaidAsync("The new configuration is in force: 1");
        Assert.Equal(("linucb", ReloadOutcome.InForce), (_store.Current.Tenants[before.Id].Policy, _status.Outcome));
    }

    [Fact]
    public async Task A_start_with_such_a_change_serves_all_the_same()
    {
        _engine.ConfigurationRefusal = new PolicyRestartException(new ForgottenLearning("acme", ["seed"], 5, 4, 0, 0));
        var (gate, status) = (new StartGate(), new ReloadStatus(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>()));
        using var starting = new SettingsReloader(_file.Configuration, () => _store.Current, _store, Setups(), gate, status, new SecretFiles(), TimeProvider.System, _log);
        _store.Replace(Read(new SettingsContext { Running = true, SimulatorAddress = new Uri("http://127.0.0.1:9/v1") }));
        await starting.StartedAsync(default);

        Assert.True(gate.IsOpen);
        await Eventually.TrueAsync("readiness says so", () => status.Outcome == ReloadOutcome.Refused);
        await starting.StoppingAsync(default);
        Assert.Contains(_log.Lines, l => l.Contains("would forget 5 decisions, 4 rewards", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_stop_waits_for_owners_that_are_being_told_their_configuration()
    {
        var (asked, answered) = (_engine.Configured.Count, new TaskCompletionSource());
        _engine.ConfigurationGate = answered.Task;
        using var starting = new SettingsReloader(_file.Configuration, () => _store.Current, _store, Setups(), new StartGate(), _status, new SecretFiles(), TimeProvider.System, _log);
        _store.Replace(Read(new SettingsContext { Running = true, SimulatorAddress = new Uri("http://127.0.0.1:9/v1") }));
        await starting.StartedAsync(default);
        await Eventually.TrueAsync("an owner is asked", () => _engine.Configured.Count > asked);

        var stop = starting.StoppingAsync(default);
        Assert.False(stop.IsCompleted);
        answered.SetResult();
        await stop;
        Assert.All(_store.Current.Tenants.Values, tenant => Assert.NotNull(tenant.Setup.InForce));
    }

    public Task DisposeAsync() => _reloader.StoppingAsync(default);

    public void Dispose()
    {
        _reloader.Dispose();
        _file.Dispose();
        Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);
    }

    private TenantSetups Setups()
    {
        var quarantined = new QuarantineList(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>(), _log);
        return new TenantSetups(_engine, _store, new TenantCatalog(_store, quarantined, TimeProvider.System), quarantined, TimeProvider.System, _log);
    }

    private JsonObject Section => _json["MetaLlm"]!.AsObject();

    private HostSettings Read(SettingsContext context) => SettingsReader.Read<HostSettings>(_file.Configuration, context with { Variable = Mistakes.Variable });

    /// <summary>Puts the new text in the file's place at once, so that nobody reads half of it.</summary>
    private async Task WriteAsync(string json)
    {
        await File.WriteAllTextAsync(_path + ".new", json);
        File.Move(_path + ".new", _path, overwrite: true);
    }

    private Task<string> SaidAsync(string words) => Eventually.ReadAsync(
        $"the log says '{words}'",
        () => Task.FromResult(_log.Lines.FirstOrDefault(l => l.Contains(words, StringComparison.Ordinal)) ?? ""),
        line => line.Length > 0,
        _ => string.Join(Environment.NewLine, _log.Lines),
        TimeSpan.FromSeconds(20));

    private sealed class LineLogger : ILogger<SettingsReloader>, ILogger<TenantSetups>, ILogger<QuarantineList>
    {
        public ConcurrentQueue<string> Lines { get; } = new();

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            Lines.Enqueue($"{logLevel} {formatter(state, exception)} {exception}");
    }
}
