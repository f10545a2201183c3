using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

/// <summary>Arm a has the deployments east, which is called first, and west; arm b has none.</summary>
public sealed class DeploymentRoutingTests : IDisposable
{
    private static readonly ChatPart Counted = new("data: x\n\n"u8.ToArray(), new TokenUsage(33, 3, 11), 80, false);
    private static readonly ChatPart Last = new("data: [DONE]\n\n"u8.ToArray(), null, 0, true);

    private readonly RecordingEngine _engine = new("a", "b");
    private readonly ScriptedProvider _provider = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Catalog _catalog = new();
    private readonly RoutingRig _rig;

    public DeploymentRoutingTests()
    {
        _rig = new RoutingRig(_engine, _provider, _catalog, new RoutingOptions { MaxAttempts = 2, FailureThreshold = 100, AttemptBudget = TimeSpan.FromSeconds(30) }, _time);
        _provider.Answers("west", Counted, Last);
        _provider.Answers("b", Counted, Last);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task An_attempt_that_costs_nothing_needs_no_further_room()
    {
        _provider.Fails("east", new ChatProviderException(ChatFailure.RateLimited, "Too many.") { UpstreamStatus = 429 });
        Assert.Equal("a", await CallAsync());
        Assert.Equal(["decide", "settle Completed"], _engine.Log);
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(("west", "east"), (settlement.Deployment, Assert.Single(settlement.FailedAttempts).Deployment));
    }

    [Fact]
    public async Task An_attempt_that_may_be_billed_stays_set_aside_beside_the_next()
    {
        _provider.Fails("east", ChatFailure.Cut);
        Assert.Equal("a", await CallAsync());
        var reroute = Assert.Single(_engine.Reroutes);
        Assert.Equal(("a", 40 * 10e-6), (reroute.ToArm, reroute.AttemptsUsd!.Value));
    }

    [Fact]
    public async Task Without_room_for_another_attempt_another_arm_is_tried()
    {
        _provider.Fails("east", ChatFailure.Cut);
        _engine.RefusedReroute = "a";
        Assert.Equal("b", await CallAsync());
        Assert.Equal(["east", "b"], _provider.Called);
    }

    [Fact]
    public async Task An_answer_and_an_attempt_cost_what_their_deployments_ask_for()
    {
        _provider.Fails("east", ChatFailure.Cut);
        await CallAsync();
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal((30 * 1e-6) + (3 * 1e-6) + (11 * 2e-6), settlement.CostUsd!.Value, 15);
        Assert.Equal(40 * 10e-6, settlement.FailedAttempts[0].CostUsd!.Value, 15);
    }

    [Fact]
    public async Task No_deployment_is_called_when_the_time_for_attempts_is_over()
    {
        _provider.Parts["east"] = _ =>
        {
            _time.Advance(TimeSpan.FromSeconds(31));
            throw new ChatProviderException(ChatFailure.ServerError, "It failed.") { UpstreamStatus = 500 };
        };
        await Assert.ThrowsAsync<UpstreamsExhaustedException>(CallAsync);
        Assert.Equal(["east"], _provider.Called);
    }

    [Fact]
    public async Task Where_all_deployments_want_fewer_requests_the_shortest_wait_counts()
    {
        _provider.Fails("east", ChatFailure.RateLimited, TimeSpan.FromSeconds(90));
        _provider.Fails("west", ChatFailure.RateLimited, TimeSpan.FromSeconds(40));
        _provider.Fails("b", ChatFailure.RateLimited, TimeSpan.FromSeconds(70));
        var failure = await Assert.ThrowsAsync<UpstreamsExhaustedException>(CallAsync);
        Assert.Equal(["east", "west", "b"], _provider.Called);
        Assert.True(failure.AllRateLimited);
        Assert.Equal(40, failure.RetryAfter!.Value.TotalSeconds, 3);
        Assert.Equal(["a", "b"], failure.Attempts.Select(attempt => attempt.Key));
        Assert.Equal(CircuitState.Open, _rig.Circuits.Status("t", _catalog.Targets("t")["a"]).State);
    }

    private async Task<string> CallAsync()
    {
        await using var call = await _rig.Routing.ChatAsync(
            "t", "x", new DecisionRequest { Features = QueryFeatures.Of("x", [], null, 40) }, new ChatPayload("{}"u8.ToArray(), true), null, CancellationToken.None);
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
        }

        return call.ServedArm;
    }

    private sealed class Catalog : IArmCatalog
    {
        private readonly Dictionary<string, ArmTarget> _targets = new()
        {
            ["a"] = Target("east", 10) with { Deployments = [new("east", 1, Target("east", 10)), new("west", 0, Target("west", 1))] },
            ["b"] = Target("b", 1),
        };

        public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant) => _targets;

        private static ArmTarget Target(string model, double price) =>
            new(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, model, TokenPrices.PerMillion(price, 2 * price)) { Lane = (model, null), HasOwnPrices = true };
    }
}
