using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

public sealed class RoutingServiceTests : IDisposable
{
    private static readonly ChatPart Piece = new("data: x\n\n"u8.ToArray(), null, 80, false);
    private static readonly ChatPart Counted = new(default, new TokenUsage(33, 3, 11), 0, false);
    private static readonly ChatPart Last = new("data: [DONE]\n\n"u8.ToArray(), null, 0, true);

    private readonly RecordingEngine _engine = new("a", "b", "c");
    private readonly ScriptedProvider _provider = new();
    private readonly Catalog _catalog = new("a", "b", "c");
    private readonly FakeTimeProvider _time = new();
    private readonly RoutingRig _rig;

    public RoutingServiceTests()
    {
        _rig = new RoutingRig(_engine, _provider, _catalog, new RoutingOptions { MaxAttempts = 2, FailureThreshold = 2, CoolDown = TimeSpan.FromSeconds(10) }, _time);
    }

    public void Dispose() => _rig.Dispose();

    [Fact]
    public async Task The_language_is_measured_for_tenants_that_look_at_it_alone()
    {
        await AskAsync();
        Assert.Equal(StructuralFeatures.Count, _engine.LastRequest!.Features.Structural.Length);

        _catalog.Seen |= ContextParts.Language;
        await AskAsync();
        var language = new float[LanguageFeatures.Count];
        LanguageFeatures.Extract("Привет", language);
        Assert.Equal(language.AsEnumerable(), _engine.LastRequest!.Features.Structural[StructuralFeatures.Count..]);

        async Task AskAsync()
        {
            _provider.Answers("a", Piece, Counted, Last);
            await using var call = await _rig.Routing.ChatAsync("t", "Привет", Request(), new ChatPayload("{}"u8.ToArray(), true), null, CancellationToken.None);
            await DrainAsync(call);
        }
    }

    [Fact]
    public async Task A_reroute_is_recorded_before_anything_is_answered_and_the_settlement_is_on_its_way_before_the_end()
    {
        _provider.Fails("a", ChatFailure.ServerError);
        _provider.Answers("b", Piece, Counted, Last);
        await using var call = await ChatAsync();
        Assert.Equal(["decide", "reroute b"], _engine.Log);
        Assert.Equal(0.002, Assert.Single(_engine.Reroutes).ReservedUsd);
        Assert.Equal(("b", 2), (call.ServedArm, call.Attempts));

        await foreach (var part in call.ReadAsync(CancellationToken.None))
        {
            Assert.Equal(part.Length == Last.Bytes.Length, _engine.Settlements.Count == 1);
        }

        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal((CallOutcome.Completed, new TokenUsage(33, 3, 11)), (settlement.Outcome, settlement.Usage));
    }

    [Fact]
    public async Task No_more_arms_are_tried_than_allowed_and_the_failure_is_settled_at_nothing()
    {
        _provider.Fails("a", ChatFailure.ServerError);
        _provider.Fails("b", ChatFailure.Timeout);
        var failure = await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());
        Assert.Equal(["a", "b"], _provider.Called);
        Assert.Equal([ChatFailure.ServerError, ChatFailure.Timeout], failure.Attempts.Select(a => a.Value));
        Assert.Equal((CallOutcome.Failed, 0.0), (_engine.Settlements[0].Outcome, _engine.Settlements[0].CostUsd));
        Assert.Equal(["a", "b"], _engine.Settlements[0].FailedAttempts.Select(a => a.ArmId));
    }

    [Theory]
    [InlineData(ChatFailure.ServerError, null, 40, 0)]
    [InlineData(ChatFailure.ServerError, 503, 0, 0)]
    [InlineData(ChatFailure.BadAnswer, null, 40, 0)]
    [InlineData(ChatFailure.BadAnswer, 307, 0, 0)]
    [InlineData(ChatFailure.Cut, null, 40, 0)]
    [InlineData(ChatFailure.Connection, null, 40, 0)]
    [InlineData(ChatFailure.Timeout, null, 40, 480)]
    [InlineData(ChatFailure.Timeout, 504, 40, 480)]
    [InlineData(ChatFailure.Timeout, 408, 0, 0)]
    [InlineData(ChatFailure.RateLimited, 429, 0, 0)]
    [InlineData(ChatFailure.Refused, 401, 0, 0)]
    [InlineData(ChatFailure.Objected, 400, 0, 0)]
    public async Task A_failed_attempt_is_charged_with_what_its_upstream_may_bill(ChatFailure failure, int? status, double input, double output)
    {
        _provider.Fails("a", new ChatProviderException(failure, "It failed.") { UpstreamStatus = status });
        _provider.Answers("b", Piece, Counted, Last);
        await using var call = await ChatAsync();
        await DrainAsync(call);
        var attempt = Assert.Single(Assert.Single(_engine.Settlements).FailedAttempts);
        Assert.Equal(("a", new TokenUsage(input, 0, output)), (attempt.ArmId, attempt.Usage with { Output = Math.Round(attempt.Usage.Output, 6) }));
        Assert.Equal(failure.ToString(), attempt.Kind.ToString());
        Assert.Null(attempt.CostUsd);
    }

    [Fact]
    public async Task What_never_arrived_costs_nothing_and_what_was_counted_costs_that()
    {
        _provider.Fails("a", new ChatProviderException(ChatFailure.Timeout, "No connection.") { NeverSent = true });
        _provider.Fails("b", new ChatProviderException(ChatFailure.BadAnswer, "No choices.") { Usage = new TokenUsage(41, 0, 7) });
        await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());
        Assert.Equal([default, new TokenUsage(41, 0, 7)], _engine.Settlements[0].FailedAttempts.Select(a => a.Usage));
    }

    [Fact]
    public async Task An_objection_sends_the_call_to_the_next_arm_and_holds_nothing_against_the_model()
    {
        for (var i = 0; i < 10; i++)
        {
            _provider.Fails("a", Objection("No temperature."));
            _provider.Answers("b", Last);
            await using var call = await ChatAsync();
            await DrainAsync(call);
            Assert.Equal("b", call.ServedArm);
            Assert.Equal((FailureKind.Objected, default(TokenUsage)), (_engine.Settlements[^1].FailedAttempts[0].Kind, _engine.Settlements[^1].FailedAttempts[0].Usage));
        }

        Assert.Equal(CircuitState.Closed, StateOf("a"));
    }

    [Fact]
    public async Task Where_all_object_the_first_objection_is_handed_on_and_where_one_failed_otherwise_none_is()
    {
        _provider.Fails("a", Objection("First."));
        _provider.Fails("b", Objection("Second."));
        var failure = await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());
        Assert.Equal("First.", System.Text.Encoding.UTF8.GetString(failure.Objection!.Body.Span));
        _provider.Fails("b", ChatFailure.ServerError);
        Assert.Null((await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync())).Objection);
    }

    [Fact]
    public async Task Where_all_want_fewer_requests_the_one_with_the_shortest_wait_is_tried_once_more()
    {
        _provider.Fails("a", ChatFailure.RateLimited, TimeSpan.FromSeconds(1));
        _provider.Fails("b", ChatFailure.RateLimited, TimeSpan.FromSeconds(2));
        var calling = ChatAsync();
        Assert.False(calling.IsCompleted);
        _provider.Answers("a", Last);
        _time.Advance(TimeSpan.FromSeconds(1.3));
        await using var call = await calling;
        Assert.Equal(("a", 3), (call.ServedArm, call.Attempts));
        Assert.Equal(["a", "b", "a"], _provider.Called);
    }

    [Fact]
    public async Task Where_all_want_to_be_left_alone_for_long_the_client_learns_the_shortest_wait()
    {
        _provider.Fails("a", ChatFailure.RateLimited, TimeSpan.FromSeconds(9));
        _provider.Fails("b", ChatFailure.RateLimited, TimeSpan.FromSeconds(7));
        var failure = await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());

        // The third arm may be called at once.
        Assert.Equal((true, null), (failure.AllRateLimited, failure.RetryAfter));
        _rig.Circuits.TryEnter("t", _catalog.Targets("t")["c"])!.Fail(TimeSpan.FromSeconds(8));
        failure = await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());
        Assert.Equal(TimeSpan.FromSeconds(7), failure.RetryAfter);
    }

    [Fact]
    public async Task An_arm_that_the_caps_have_no_room_for_is_passed_over_and_the_engine_is_told_what_was_spent()
    {
        _provider.Fails("a", ChatFailure.BadAnswer);
        _provider.Answers("c", Last);
        _engine.RefusedReroute = "b";
        await using var call = await ChatAsync();
        Assert.Equal("c", call.ServedArm);
        Assert.Equal(40e-6, Assert.Single(_engine.Reroutes).AttemptsUsd!.Value, 12);
    }

    [Fact]
    public async Task After_the_budget_of_time_no_other_arm_is_tried()
    {
        _provider.Parts["a"] = _ =>
        {
            _time.Advance(new RoutingOptions().AttemptBudget);
            throw new ChatProviderException(ChatFailure.Timeout, "Too late.");
        };
        await Assert.ThrowsAsync<UpstreamsExhaustedException>(() => ChatAsync());
        Assert.Equal(["a"], _provider.Called);
    }

    [Fact]
    public async Task A_cut_answer_is_settled_with_an_estimate_of_what_came()
    {
        _provider.BreaksOff("a", Piece, Piece);
        await using var call = await ChatAsync();
        await Assert.ThrowsAsync<ChatProviderException>(() => DrainAsync(call));
        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal((CallOutcome.Cut, new TokenUsage(40, 0, 40)), (settlement.Outcome, settlement.Usage));
        Assert.Null(settlement.LatencySeconds);
    }

    [Fact]
    public async Task An_answer_that_nobody_finishes_reading_is_settled_once_as_aborted()
    {
        _provider.Answers("a", Piece, Last);
        var call = await ChatAsync();
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
            break;
        }

        await call.DisposeAsync();
        await call.DisposeAsync();
        Assert.Equal((CallOutcome.Aborted, 20.0), (Assert.Single(_engine.Settlements).Outcome, _engine.Settlements[0].Usage.Output));
    }

    [Fact]
    public async Task A_client_that_leaves_during_the_call_is_settled_although_its_token_has_ended()
    {
        using var leaving = new CancellationTokenSource();
        _provider.Parts["a"] = token =>
        {
            leaving.Cancel();
            token.ThrowIfCancellationRequested();
            throw new InvalidOperationException("Unreachable.");
        };
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ChatAsync(leaving.Token));
        Assert.Equal((CallOutcome.Aborted, 40.0), (Assert.Single(_engine.Settlements).Outcome, _engine.Settlements[0].Usage.Input));
        Assert.Equal(480, _engine.Settlements[0].Usage.Output, 6);
    }

    [Fact]
    public async Task A_client_that_leaves_a_stream_is_charged_what_the_upstream_counts_within_a_moment()
    {
        var count = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _provider.Parts["a"] = _ => new ChatResponse(200, "text/event-stream", [], CountLater(count.Task), null);
        var call = await ChatAsync();
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
            break;
        }

        await call.DisposeAsync();
        Assert.Empty(_engine.Settlements);
        var known = _rig.Settlements.WaitAsync("t", RecordingEngine.DecisionId, default);
        count.SetResult();
        await known.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((CallOutcome.Aborted, Counted.Usage), (Assert.Single(_engine.Settlements).Outcome, _engine.Settlements[0].Usage));
    }

    [Fact]
    public async Task Where_the_upstream_counts_too_late_the_prediction_is_charged_and_the_call_ended()
    {
        CancellationToken upstream = default;
        _provider.Parts["a"] = token =>
        {
            upstream = token;
            return new ChatResponse(200, "text/event-stream", [], CountLater(Task.Delay(Timeout.Infinite, token)), null);
        };
        var call = await ChatAsync();
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
            break;
        }

        await call.DisposeAsync();
        var known = _rig.Settlements.WaitAsync("t", RecordingEngine.DecisionId, default);
        Assert.False(upstream.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(2));
        await known.WaitAsync(TimeSpan.FromMinutes(1));
        Assert.Equal((CallOutcome.Aborted, 40.0), (Assert.Single(_engine.Settlements).Outcome, _engine.Settlements[0].Usage.Input));
        Assert.Equal(480, _engine.Settlements[0].Usage.Output, 6);
        await Eventually.TrueAsync("the call is ended", () => upstream.IsCancellationRequested, TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task A_decision_whose_caller_left_before_it_was_made_is_settled_as_never_called()
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _engine.DecisionGate = gate.Task;
        using var leaving = new CancellationTokenSource();
        var calling = ChatAsync(leaving.Token);
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => calling);
        Assert.Empty(_engine.Settlements);
        gate.SetResult();
        await Eventually.TrueAsync("it is settled", () => _engine.Settlements.Count == 1, TimeSpan.FromMinutes(1));
        Assert.Equal((CallOutcome.Aborted, 0.0, default), (_engine.Settlements[0].Outcome, _engine.Settlements[0].CostUsd, _engine.Settlements[0].Usage));
        Assert.Empty(_provider.Called);
    }

    [Fact]
    public async Task A_client_that_leaves_while_its_decision_is_made_calls_nothing_and_owes_nothing()
    {
        using var leaving = new CancellationTokenSource();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _rig.Routing.ChatAsync("t", "x", Request(), new ChatPayload("{}"u8.ToArray(), true), _ => leaving.Cancel(), leaving.Token));
        Assert.Empty(_provider.Called);
        Assert.Equal((CallOutcome.Aborted, 0.0), (Assert.Single(_engine.Settlements).Outcome, _engine.Settlements[0].CostUsd));
    }

    [Fact]
    public async Task An_answer_is_delivered_even_when_its_settlement_cannot_be_recorded()
    {
        _engine.SettlementFailure = new IOException("disk full");
        _provider.Answers("a", Piece, Last);
        await using var call = await ChatAsync();
        Assert.Equal(2, await DrainAsync(call));
    }

    [Fact]
    public async Task Arms_that_keep_failing_are_reported_as_unhealthy_until_they_cooled_down()
    {
        _provider.Fails("a", ChatFailure.ServerError);
        _provider.Answers("b", Last);
        await (await ChatAsync()).DisposeAsync();
        Assert.Null(_engine.LastRequest!.UnhealthyArms);
        await (await ChatAsync()).DisposeAsync();
        await _rig.Routing.RouteAsync("t", "x", Request(), CancellationToken.None);
        Assert.Equal(["a"], _engine.LastRequest!.UnhealthyArms!);
        _time.Advance(TimeSpan.FromSeconds(11));
        await _rig.Routing.RouteAsync("t", "x", Request(), CancellationToken.None);
        Assert.Null(_engine.LastRequest!.UnhealthyArms);
    }

    [Fact]
    public async Task A_decision_knows_whether_the_gateway_calls_and_then_takes_no_report()
    {
        await _rig.Routing.RouteAsync("t", "x", Request(), CancellationToken.None);
        Assert.Equal(DecisionOrigin.Route, _engine.LastRequest!.Origin);
        _provider.Answers("a", Piece, Last);
        await using var call = await ChatAsync();
        Assert.Equal(DecisionOrigin.Call, _engine.LastRequest!.Origin);

        _engine.Stored = new StoredDecision { Decision = _engine.Decision() with { Origin = DecisionOrigin.Call }, ServedArm = "a" };
        Assert.Equal(new PricedReport(null, IsOwnCall: true), await PriceAsync(new OutcomeReport(RecordingEngine.DecisionId, null, 0, null)));
    }

    [Fact]
    public async Task A_stream_that_breaks_off_every_time_opens_the_circuit()
    {
        _provider.BreaksOff("a", Piece, Piece);
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(CircuitState.Closed, StateOf("a"));
            await using var call = await ChatAsync();
            await Assert.ThrowsAsync<ChatProviderException>(() => DrainAsync(call));
        }

        Assert.Equal(CircuitState.Open, StateOf("a"));
    }

    [Fact]
    public async Task A_whole_answer_closes_the_circuit_and_counts_against_failures()
    {
        _provider.Fails("a", ChatFailure.ServerError);
        _provider.Answers("b", Last);
        for (var i = 0; i < 2; i++)
        {
            await using var failed = await ChatAsync();
        }

        Assert.Equal(CircuitState.Open, StateOf("a"));
        _time.Advance(TimeSpan.FromSeconds(10));
        _provider.Answers("a", Piece, Last);
        for (var i = 0; i < 4; i++)
        {
            await using var call = await ChatAsync();
            await DrainAsync(call);
            Assert.Equal(CircuitState.Closed, StateOf("a"));
        }

        // The trial apart, two of five calls are less than half.
        _provider.Fails("a", ChatFailure.ServerError);
        for (var i = 0; i < 2; i++)
        {
            await using var failed = await ChatAsync();
        }

        Assert.Equal(CircuitState.Closed, StateOf("a"));
    }

    [Fact]
    public async Task A_hung_upstream_whose_clients_all_give_up_opens_the_circuit()
    {
        // Each client waits for 20 s, the first byte may take 60: the third and the fourth client have waited in vain for a minute.
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(CircuitState.Closed, StateOf("a"));
            using var leaving = new CancellationTokenSource();
            _provider.Parts["a"] = token =>
            {
                _time.Advance(TimeSpan.FromSeconds(20));
                leaving.Cancel();
                throw new OperationCanceledException(token);
            };
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ChatAsync(leaving.Token));
        }

        Assert.Equal(CircuitState.Open, StateOf("a"));
    }

    [Fact]
    public async Task A_circuit_that_opens_between_decision_and_call_sends_the_call_elsewhere_without_using_up_an_attempt()
    {
        _provider.Fails("b", ChatFailure.ServerError);
        _provider.Answers("c", Last);
        _rig.Circuits.TryEnter("t", _catalog.Targets("t")["a"])!.Fail(TimeSpan.FromSeconds(30));
        await using var call = await ChatAsync();
        Assert.Equal(["b", "c"], _provider.Called);
        Assert.Equal(("c", 3), (call.ServedArm, call.Attempts));
    }

    [Fact]
    public async Task An_arm_that_has_left_the_configuration_since_the_decision_uses_up_no_attempt_and_costs_nothing()
    {
        _catalog.Forget("a");
        _provider.Fails("b", ChatFailure.ServerError);
        _provider.Answers("c", Last);
        await using var call = await ChatAsync();
        await DrainAsync(call);
        Assert.Equal(["b", "c"], _provider.Called);
        Assert.Equal(["b"], Assert.Single(_engine.Settlements).FailedAttempts.Select(a => a.ArmId));
    }

    [Theory]
    [InlineData(0.09, 1.09)]
    [InlineData(0.3, null)]
    public async Task The_time_that_a_client_takes_to_read_is_no_latency_of_the_model(double reading, double? latency)
    {
        _provider.Parts["a"] = _ => new ChatResponse(200, "text/event-stream", [], TakingASecond(), null);
        await using var call = await ChatAsync();
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
            _time.Advance(TimeSpan.FromSeconds(reading));
        }

        Assert.Equal(latency ?? -1, Assert.Single(_engine.Settlements).LatencySeconds ?? -1, 6);
    }

    [Fact]
    public async Task Where_every_model_is_kept_out_the_shortest_wait_is_told()
    {
        foreach (var (arm, seconds) in new[] { ("a", 50), ("b", 20), ("c", 40) })
        {
            _rig.Circuits.TryEnter("t", _catalog.Targets("t")[arm])!.Fail(TimeSpan.FromSeconds(seconds));
        }

        _time.Advance(TimeSpan.FromSeconds(5));
        _engine.Refusal = new NoFeasibleArmException([new("a", ArmExclusions.Unhealthy), new("b", ArmExclusions.Unhealthy), new("c", ArmExclusions.Unhealthy)]);
        var refusal = await Assert.ThrowsAsync<NoFeasibleArmException>(() => ChatAsync());
        Assert.Equal(15, refusal.RetryAfter!.Value.TotalSeconds, 3);
    }

    [Fact]
    public async Task A_report_of_cost_alone_infers_the_tokens_behind_it()
    {
        _engine.Stored = new StoredDecision { Decision = _engine.Decision(), ServedArm = "a" };
        var settlement = (await PriceAsync(new OutcomeReport(RecordingEngine.DecisionId, null, 0.00024, 1.5))).Settlement!;
        Assert.Equal(0.00024, settlement.CostUsd);
        Assert.Equal(100, settlement.Usage.Output, 6);
        Assert.Equal(1.5, settlement.LatencySeconds);
    }

    [Fact]
    public async Task A_report_on_what_is_settled_or_unknown_is_nothing_to_record()
    {
        var report = new OutcomeReport(RecordingEngine.DecisionId, null, 0, null);
        Assert.Equal(default, await PriceAsync(report));
        _engine.Stored = new StoredDecision
        {
            Decision = _engine.Decision(),
            ServedArm = "a",
            Settlement = new Settlement { DecisionId = RecordingEngine.DecisionId, Outcome = CallOutcome.Expired, Usage = default, CostUsd = 0 },
        };
        Assert.Equal(default, await PriceAsync(report));
    }

    [Fact]
    public async Task Calls_and_failed_attempts_at_dated_prices_cost_what_held_when_they_were_made()
    {
        _catalog.Date(DateTimeOffset.MinValue, TokenPrices.PerMillion(1, 2));
        _provider.Fails("a", ChatFailure.Cut);
        _provider.Answers("b", Piece, Counted, Last);
        await using var call = await ChatAsync();
        _catalog.Date(_time.GetUtcNow(), TokenPrices.PerMillion(100, 200));
        await DrainAsync(call);

        var settlement = Assert.Single(_engine.Settlements);
        Assert.Equal(55e-6, settlement.CostUsd!.Value, 15);
        Assert.Equal(40e-6, Assert.Single(settlement.FailedAttempts).CostUsd!.Value, 15);
    }

    [Fact]
    public async Task A_report_is_priced_by_what_held_at_its_decision()
    {
        var decision = _engine.Decision();
        _engine.Stored = new StoredDecision { Decision = decision, ServedArm = "a" };
        _catalog.Date(decision.At, TokenPrices.PerMillion(3, 4));
        _catalog.Date(decision.At.AddTicks(1), TokenPrices.PerMillion(100, 200));

        var settlement = (await PriceAsync(new OutcomeReport(RecordingEngine.DecisionId, new TokenUsage(10, 0, 10), null, null))).Settlement!;

        Assert.Equal(70e-6, settlement.CostUsd!.Value, 15);
    }

    private async Task<PricedReport> PriceAsync(OutcomeReport report) =>
        Assert.Single(await new OutcomeReports(_engine, _catalog).PriceAsync("t", [report], CancellationToken.None));

    private static ChatProviderException Objection(string words) => new(ChatFailure.Objected, "The model objected.")
    {
        UpstreamStatus = 400,
        Objection = new UpstreamObjection(400, "application/json", System.Text.Encoding.UTF8.GetBytes(words)),
    };

    private static async IAsyncEnumerable<ChatPart> CountLater(Task count)
    {
        yield return Piece;
        await count;
        yield return Counted;
    }

    private async IAsyncEnumerable<ChatPart> TakingASecond()
    {
        yield return Piece;
        await Task.Yield();
        _time.Advance(TimeSpan.FromSeconds(1));
        yield return Last;
    }

    private CircuitState StateOf(string arm) => _rig.Circuits.Status("t", _catalog.Targets("t")[arm]).State;

    private Task<RoutedCall> ChatAsync(CancellationToken cancellationToken = default) =>
        _rig.Routing.ChatAsync("t", "x", Request(), new ChatPayload("{}"u8.ToArray(), true), null, cancellationToken);

    private static DecisionRequest Request() => new() { Features = QueryFeatures.Of("x", [], null, 40) };

    private static async Task<int> DrainAsync(RoutedCall call)
    {
        var parts = 0;
        await foreach (var _ in call.ReadAsync(CancellationToken.None))
        {
            parts++;
        }

        return parts;
    }

    private sealed class Catalog(params string[] arms) : IArmCatalog
    {
        private readonly Dictionary<string, ArmTarget> _targets = arms.ToDictionary(
            a => a, a => new ArmTarget(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, a, TokenPrices.PerMillion(1, 2)));

        public ContextParts Seen { get; set; } = ContextParts.All;

        public IReadOnlyDictionary<string, ArmTarget> Targets(string tenant) => _targets;

        public ContextParts Context(string tenant) => Seen;

        public void Forget(string arm) => _targets.Remove(arm);

        /// <summary>Prices that hold from a moment on, of every arm.</summary>
        public void Date(DateTimeOffset from, TokenPrices prices)
        {
            foreach (var (arm, target) in _targets.ToList())
            {
                _targets[arm] = target with { Prices = prices, PriceList = [.. target.PriceList, new DatedPrices(from, prices)] };
            }
        }
    }
}
