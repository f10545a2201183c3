using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Health;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests;

public sealed class ReadinessCheckTests
{
    private readonly RecordingEngine _engine = new("a");
    private readonly ManualTimeProvider _time = new();

    [Fact]
    public async Task However_many_ask_at_once_one_probe_runs()
    {
        var answer = new TaskCompletionSource();
        _engine.Probe = () => answer.Task;
        var check = Check(_time);
        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync(check)).ToList();
        answer.SetResult();

        Assert.All(await Task.WhenAll(asked), result => Assert.Equal(HealthStatus.Healthy, result.Status));
        Assert.Equal(1, _engine.Probes);
    }

    [Fact]
    public async Task What_a_probe_found_holds_for_a_while_whether_good_or_bad()
    {
        var check = Check(_time);
        _engine.Probe = () => Task.FromException(new EngineUnavailableException("It is away."));
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);

        _engine.Probe = () => Task.CompletedTask;
        _time.Advance(ReadinessCheck.Fresh - TimeSpan.FromTicks(1));
        Assert.IsType<EngineUnavailableException>((await AskAsync(check)).Exception);
        Assert.Equal(1, _engine.Probes);

        _time.Advance(TimeSpan.FromTicks(1));
        var result = await AskAsync(check);
        Assert.Equal(HealthStatus.Healthy, result.Status);
        Assert.Equal("fixed-8", result.Data[ReadinessCheck.EmbedderKey]);
        Assert.Equal(2, _engine.Probes);
    }

    [Fact]
    public async Task Before_the_tenants_are_set_up_nothing_is_ready_or_probed()
    {
        var gate = new StartGate();
        var check = new ReadinessCheck(gate, _engine, new FixedEmbedder(), _time, NullLogger<ReadinessCheck>.Instance);
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);
        Assert.Equal(0, _engine.Probes);

        gate.Open();
        Assert.Equal(HealthStatus.Healthy, (await AskAsync(check)).Status);
    }

    /// <summary>As on a connection that the network has lost: it may stay silent long after there is a network again.</summary>
    [Fact]
    public async Task A_probe_that_does_not_end_is_not_ready_and_is_given_up_so_that_the_next_one_begins_anew()
    {
        var time = new ImpatientTime();
        var check = Check(time);
        _engine.Probe = () => new TaskCompletionSource().Task;
        Assert.Equal(HealthStatus.Unhealthy, (await AskAsync(check)).Status);
        await Eventually.TrueAsync("the probe is given up", async () => (await AskAsync(check)).Exception is OperationCanceledException);
        Assert.Equal(1, _engine.Probes);

        _engine.Probe = () => Task.CompletedTask;
        time.Advance(ReadinessCheck.Fresh);
        await Eventually.TrueAsync("the next one finds it ready", async () => (await AskAsync(check)).Status == HealthStatus.Healthy);
        Assert.Equal(2, _engine.Probes);
    }

    [Fact]
    public async Task A_late_probe_is_waited_for_once_and_counts_as_failed_until_it_ends()
    {
        var (time, answer) = (new FakeTimeProvider(), new TaskCompletionSource());
        var check = Check(time);
        _engine.Probe = () => answer.Task;
        var first = AskAsync(check);
        time.Advance(ReadinessCheck.Late - TimeSpan.FromTicks(1));
        Assert.False(first.IsCompleted);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.IsType<TimeoutException>((await first).Exception);

        var second = AskAsync(check);
        Assert.True(second.IsCompleted);
        Assert.Equal(HealthStatus.Unhealthy, (await second).Status);

        answer.SetResult();
        await Eventually.TrueAsync("it has ended", async () => (await AskAsync(check)).Status == HealthStatus.Healthy);
        Assert.Equal(1, _engine.Probes);
    }

    private ReadinessCheck Check(TimeProvider time)
    {
        var gate = new StartGate();
        gate.Open();
        return new(gate, _engine, new FixedEmbedder(), time, NullLogger<ReadinessCheck>.Instance);
    }

    private static Task<HealthCheckResult> AskAsync(ReadinessCheck check) => check.CheckHealthAsync(new HealthCheckContext());

    /// <summary>A clock whose timers have always just run out.</summary>
    private sealed class ImpatientTime : TimeProvider
    {
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _ticks);

        public void Advance(TimeSpan by) => Interlocked.Add(ref _ticks, by.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, TimeSpan.Zero, period);
    }
}
