using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.TestKit;

namespace MetaLlm.Gateway.Tests;

public sealed class ArmHealthTests
{
    private static readonly RoutingOptions Options = new() { FailureThreshold = 3, CoolDown = TimeSpan.FromSeconds(5), MaxCoolDown = TimeSpan.FromSeconds(30) };
    private readonly ManualTimeProvider _time = new();
    private readonly ArmHealth _health;

    public ArmHealthTests() => _health = new ArmHealth(Options, _time);

    [Fact]
    public void Failures_below_the_threshold_hold_nothing_out_and_a_success_forgets_them()
    {
        Fail(2);
        Assert.False(_health.IsHeldOut(Target("m")));
        _health.Succeeded(Target("m"));
        Fail(2);
        Assert.False(_health.IsHeldOut(Target("m")));
    }

    [Fact]
    public void Every_failure_past_the_threshold_doubles_the_time_up_to_the_longest()
    {
        Fail(2);
        foreach (var seconds in new[] { 5, 10, 20, 30, 30 })
        {
            Assert.Equal(seconds, _health.Failed(Target("m"), null).TotalSeconds, 6);
            _time.Advance(TimeSpan.FromSeconds(seconds));
            Assert.False(_health.IsHeldOut(Target("m")));
        }
    }

    [Fact]
    public void The_upstreams_own_wish_counts_at_once_within_the_longest_time()
    {
        Assert.Equal(12, _health.Failed(Target("m"), TimeSpan.FromSeconds(12)).TotalSeconds, 6);
        Assert.Equal(30, _health.Failed(Target("n"), TimeSpan.FromHours(2)).TotalSeconds, 6);
        Assert.False(_health.IsHeldOut(Target("o")));
    }

    [Fact]
    public void A_later_failure_never_shortens_the_time()
    {
        _health.Failed(Target("m"), TimeSpan.FromSeconds(25));
        Assert.Equal(25, _health.Failed(Target("m"), TimeSpan.FromSeconds(1)).TotalSeconds, 6);
    }

    private void Fail(int times)
    {
        for (var i = 0; i < times; i++)
        {
            _health.Failed(Target("m"), null);
        }
    }

    private static ArmTarget Target(string model) =>
        new(new UpstreamEndpoint { Name = "up", BaseAddress = new Uri("http://127.0.0.1/v1") }, model, default(TokenPrices));
}
