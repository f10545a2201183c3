using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Routing.Circuits;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace MetaLlm.Gateway.Tests;

public sealed class CircuitBreakersTests : IDisposable
{
    private static readonly RoutingOptions Options = new() { FailureThreshold = 3, CoolDown = TimeSpan.FromSeconds(5), MaxCoolDown = TimeSpan.FromSeconds(30) };

    private readonly ManualTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly CircuitBreakers _circuits;

    public CircuitBreakersTests() => _circuits = Create(Options);

    private CircuitStatus Status => _circuits.Status("t", Target("m"));

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Failures_open_the_circuit_once_they_are_enough_and_a_large_enough_share_of_the_last_calls()
    {
        Fail(2);
        Assert.Equal(CircuitStatus.Closed, Status);
        Succeed(6);
        Fail(3);
        Assert.Equal(CircuitStatus.Closed, Status);
        Fail(1);
        Assert.Equal(new CircuitStatus(CircuitState.Open, TimeSpan.FromSeconds(5), false), Status);
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("t", Target("another")));
    }

    [Fact]
    public void Calls_that_fail_together_are_one_outage()
    {
        var calls = Enumerable.Range(0, 9).Select(_ => Enter()).ToList();
        Together(9, i => calls[i].Fail());
        Assert.Equal(5, Status.Remaining.TotalSeconds, 6);

        // Nor do those escalate that fail after the circuit has opened and closed again.
        var late = Late(9);
        Together(9, i => late[i].Fail());
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void When_the_time_is_over_exactly_one_call_is_a_trial()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(new CircuitStatus(CircuitState.HalfOpen, TimeSpan.Zero, true), Status);
        var entered = new ArmCall?[16];
        Together(16, i => entered[i] = _circuits.TryEnter("t", Target("m")));
        var trial = Assert.Single(entered.OfType<ArmCall>());
        Assert.Equal(new CircuitStatus(CircuitState.HalfOpen, TimeSpan.Zero, false), Status);

        trial.Succeeded();
        Assert.Equal(CircuitStatus.Closed, Status);
        Fail(2);
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void Every_trial_that_fails_doubles_the_time_up_to_the_longest_and_a_success_starts_over()
    {
        Open();
        foreach (var seconds in new[] { 5, 10, 20, 30, 30 })
        {
            Assert.Equal(seconds, Status.Remaining.TotalSeconds, 6);
            _time.Advance(TimeSpan.FromSeconds(seconds) - TimeSpan.FromTicks(1));
            Assert.Null(_circuits.TryEnter("t", Target("m")));
            _time.Advance(TimeSpan.FromTicks(1));
            Enter().Fail();
        }

        _time.Advance(TimeSpan.FromSeconds(30));
        Enter().Succeeded();
        Open();
        Assert.Equal(5, Status.Remaining.TotalSeconds, 6);
    }

    [Fact]
    public void A_client_that_leaves_the_trial_proves_nothing_and_the_next_call_is_the_trial()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter().Aborted();
        Assert.Equal(new CircuitStatus(CircuitState.HalfOpen, TimeSpan.Zero, true), Status);
        Enter().Fail();
        Assert.Equal(10, Status.Remaining.TotalSeconds, 6);
    }

    [Fact]
    public void A_call_from_before_the_opening_neither_closes_nor_opens_the_circuit()
    {
        var slow = Enter();
        var other = Enter();
        Enter().Fail(TimeSpan.FromSeconds(20));
        slow.Answering();
        slow.Succeeded();
        Assert.Equal(20, Status.Remaining.TotalSeconds, 6);

        _time.Advance(TimeSpan.FromSeconds(20));
        var trial = Enter();
        other.Fail();
        Assert.Equal(CircuitState.HalfOpen, Status.State);
        trial.Fail();
        Assert.Equal(10, Status.Remaining.TotalSeconds, 6);
    }

    [Fact]
    public void What_the_upstream_asks_for_counts_at_once_within_the_longest_time()
    {
        Enter("n").Fail(TimeSpan.FromHours(2));
        Assert.Equal(30, _circuits.Status("t", Target("n")).Remaining.TotalSeconds, 6);
        var late = Enter();
        var later = Enter();
        Enter().Fail(TimeSpan.FromSeconds(1));
        Assert.Equal(1, Status.Remaining.TotalSeconds, 6);
        late.Fail(TimeSpan.FromSeconds(12));
        later.Fail(TimeSpan.FromSeconds(3));
        Assert.Equal(12, Status.Remaining.TotalSeconds, 6);
    }

    [Fact]
    public void A_wall_clock_that_is_set_changes_nothing()
    {
        Open();
        _time.SetWallClock(TimeSpan.FromHours(-1));
        Assert.Equal(5, Status.Remaining.TotalSeconds, 6);
        _time.SetWallClock(TimeSpan.FromHours(3));
        Assert.Equal(5, Status.Remaining.TotalSeconds, 6);
        _time.SetWallClock(TimeSpan.FromHours(-2));
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter().Succeeded();
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void An_answer_that_keeps_coming_lets_others_pass_before_its_end()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        var trial = Enter();
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Null(_circuits.TryEnter("t", Target("m")));
        trial.Answering();
        Assert.True(Status.Admits);
        Enter().Succeeded();
        Assert.Equal(CircuitStatus.Closed, Status);
        trial.Fail();
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void A_trial_that_nobody_ends_does_not_keep_the_model_out_for_ever()
    {
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter();
        _time.Advance(new UpstreamTimeouts().Total);
        Assert.True(Status.Admits);
        Enter().Succeeded();
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void Clients_that_leave_count_once_the_model_was_silent_for_the_first_byte_limit()
    {
        // Overlapping waits count once: three clients for the same 50 s are 50 s of silence.
        var first = Enumerable.Range(0, 3).Select(_ => Enter()).ToList();
        _time.Advance(TimeSpan.FromSeconds(50));
        first.ForEach(c => c.Aborted());
        Assert.Equal(CircuitStatus.Closed, Status);

        // Time in which nobody waits is no silence.
        _time.Advance(TimeSpan.FromHours(1));
        var second = Enumerable.Range(0, 3).Select(_ => Enter()).ToList();
        _time.Advance(TimeSpan.FromSeconds(9));
        second.ForEach(c => c.Aborted());
        Assert.Equal(CircuitStatus.Closed, Status);
        var third = Enumerable.Range(0, 3).Select(_ => Enter()).ToList();
        _time.Advance(TimeSpan.FromSeconds(1));
        third.ForEach(c => c.Aborted());
        Assert.Equal(CircuitState.Open, Status.State);
    }

    [Fact]
    public void A_sign_of_life_ends_the_silence()
    {
        var talking = Enter();
        var waiting = Enumerable.Range(0, 3).Select(_ => Enter()).ToList();
        _time.Advance(TimeSpan.FromSeconds(59));
        talking.Answering();
        _time.Advance(TimeSpan.FromSeconds(59));
        waiting.ForEach(c => c.Aborted());
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void One_failure_is_enough_where_the_threshold_says_so()
    {
        var circuits = Create(Options with { FailureThreshold = 1 });
        circuits.TryEnter("t", Target("m"))!.Fail();
        Assert.Equal(5, circuits.Status("t", Target("m")).Remaining.TotalSeconds, 6);
    }

    private CircuitBreakers Create(RoutingOptions options) =>
        new(options, new RoutingMetrics(_services.GetRequiredService<IMeterFactory>()), _time, NullLogger<CircuitBreakers>.Instance);

    [Fact]
    public void An_arm_that_fails_every_other_call_opens_and_one_that_fails_every_fifth_does_not()
    {
        for (var i = 0; i < 200; i++)
        {
            End(Enter("n"), failed: i % 5 == 0);
        }

        Assert.Equal(CircuitStatus.Closed, _circuits.Status("t", Target("n")));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(CircuitStatus.Closed, Status);
            End(Enter(), failed: i % 2 == 1);
        }

        Assert.Equal(CircuitStatus.Closed, Status);
        End(Enter(), failed: false);
        End(Enter(), failed: true);
        Assert.Equal(CircuitState.Open, Status.State);
    }

    [Fact]
    public void Heavy_traffic_that_went_well_does_not_keep_an_outage_unseen_for_longer_than_some_calls()
    {
        Succeed(10_000);
        Fail(24);
        Assert.Equal(CircuitStatus.Closed, Status);
        Fail(1);
        Assert.Equal(CircuitState.Open, Status.State);
    }

    [Fact]
    public void What_is_long_ago_counts_no_more()
    {
        Fail(2);
        _time.Advance(Options.FailureWindow + TimeSpan.FromSeconds(1));
        Fail(2);
        Assert.Equal(CircuitStatus.Closed, Status);
        Fail(1);
        Assert.Equal(CircuitState.Open, Status.State);
    }

    [Theory]
    [InlineData(ChatFailure.Refused, 402)]
    [InlineData(ChatFailure.Refused, 403)]
    [InlineData(ChatFailure.Objected, 400)]
    [InlineData(ChatFailure.Objected, 422)]
    public void A_refusal_of_one_prompt_opens_nothing_and_forgives_nothing(ChatFailure failure, int status)
    {
        Fail(2);
        for (var i = 0; i < 100; i++)
        {
            Enter().Failed(new ChatProviderException(failure, "No.") { UpstreamStatus = status });
        }

        Assert.Equal(CircuitStatus.Closed, Status);
        Fail(1);
        Assert.Equal(CircuitState.Open, Status.State);

        // It is an answer all the same: the model is there again.
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter().Failed(new ChatProviderException(failure, "No.") { UpstreamStatus = status });
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Theory]
    [InlineData(404)]
    [InlineData(405)]
    [InlineData(410)]
    public void A_model_that_is_not_there_is_there_for_no_prompt(int status)
    {
        for (var i = 0; i < Options.FailureThreshold; i++)
        {
            Enter().Failed(new ChatProviderException(ChatFailure.Refused, "No.") { UpstreamStatus = status });
        }

        Assert.Equal(CircuitState.Open, Status.State);
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("t", Target("n")));
    }

    [Fact]
    public void A_refused_key_keeps_all_models_out_that_are_called_with_it_for_all_tenants()
    {
        foreach (var model in new[] { "m", "n", "o" })
        {
            Enter(model).Failed(new ChatProviderException(ChatFailure.Refused, "No.") { UpstreamStatus = 401 });
        }

        Assert.Equal(new CircuitStatus(CircuitState.Open, TimeSpan.FromSeconds(5), false), _circuits.Status("u", Target("p")));
        Assert.Null(_circuits.TryEnter("u", Target("p")));
        var other = Target("p") with { Endpoint = Target("p").Endpoint with { ApiKey = "new" } };
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("u", other));
        _time.Advance(TimeSpan.FromSeconds(5));
        _circuits.TryEnter("u", Target("p"))!.Succeeded();
        Assert.Equal(CircuitStatus.Closed, Status);
    }

    [Fact]
    public void One_tenants_poison_keeps_a_model_from_that_tenant_alone_and_two_tenants_outage_from_all()
    {
        Open();
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("u", Target("m")));
        _circuits.TryEnter("u", Target("m"))!.Succeeded();
        _circuits.TryEnter("w", Target("m"))!.Succeeded();
        FailAs("v", 3);
        Assert.Equal(5, _circuits.Status("u", Target("m")).Remaining.TotalSeconds, 6);
        Assert.Null(_circuits.TryEnter("u", Target("m")));
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("u", Target("n")));

        // As soon as one of them may try again, so may the others.
        _time.Advance(TimeSpan.FromSeconds(5));
        _circuits.TryEnter("u", Target("m"))!.Succeeded();
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("u", Target("m")));
    }

    [Fact]
    public void Among_many_tenants_the_model_is_judged_within_a_moment_and_idle_circuits_are_dropped()
    {
        var calls = Enumerable.Range(0, 900).Select(i => _circuits.TryEnter($"f{i % 300}", Target("m"))!).ToList();
        calls.ForEach(call => call.Fail());

        Assert.Equal(CircuitState.Open, _circuits.Status("healthy", Target("m")).State);
        for (var i = 0; i < 400; i++)
        {
            // Other tenants' calls that are let through while the judgement of before holds.
            _circuits.TryEnter($"s{i}", Target("m"))?.Succeeded();
        }

        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(CircuitState.Closed, _circuits.Status("healthy", Target("m")).State);
        Assert.NotNull(_circuits.TryEnter("healthy", Target("m")));
    }

    [Fact]
    public void Few_tenants_of_many_cannot_keep_a_model_from_the_others()
    {
        foreach (var tenant in new[] { "u", "v", "w" })
        {
            _circuits.TryEnter(tenant, Target("m"))!.Succeeded();
        }

        FailAs("x", 3);
        FailAs("y", 3);
        Assert.Equal(CircuitStatus.Closed, _circuits.Status("u", Target("m")));
        FailAs("z", 3);
        Assert.Equal(CircuitState.Open, _circuits.Status("u", Target("m")).State);
    }

    private void FailAs(string tenant, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _circuits.TryEnter(tenant, Target("m"))!.Fail();
        }
    }

    private void Succeed(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Enter().Succeeded();
        }
    }

    private static void End(ArmCall call, bool failed)
    {
        if (failed)
        {
            call.Fail();
        }
        else
        {
            call.Succeeded();
        }
    }

    private void Open() => Fail(Options.FailureThreshold);

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            Enter().Fail();
        }
    }

    /// <summary>Calls from before an opening that is over.</summary>
    private List<ArmCall> Late(int count)
    {
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter().Succeeded();
        var calls = Enumerable.Range(0, count).Select(_ => Enter()).ToList();
        Open();
        _time.Advance(TimeSpan.FromSeconds(5));
        Enter().Succeeded();
        return calls;
    }

    private ArmCall Enter(string model = "m") => _circuits.TryEnter("t", Target(model)) ?? throw new InvalidOperationException("The call was refused.");

    private static void Together(int count, Action<int> act)
    {
        using var barrier = new Barrier(count);
        var threads = Enumerable.Range(0, count).Select(i => new Thread(() =>
        {
            barrier.SignalAndWait();
            act(i);
        })).ToList();
        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
    }

    private static ArmTarget Target(string model) =>
        new(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, model, default(TokenPrices));
}
