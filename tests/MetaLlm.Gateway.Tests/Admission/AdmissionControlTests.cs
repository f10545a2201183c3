using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Admission;

public sealed class AdmissionControlTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SeverableHolder _holder;
    private readonly AdmissionControl _one;
    private readonly AdmissionControl _two;

    public AdmissionControlTests()
    {
        _holder = new SeverableHolder(_time);
        (_one, _two) = (Node(), Node());
    }

    public void Dispose()
    {
        _one.Dispose();
        _two.Dispose();
        _services.Dispose();
    }

    [Fact]
    public async Task One_node_alone_admits_the_whole_limit_and_then_says_when_to_come_again()
    {
        var limits = new AdmissionLimits { RequestsPerMinute = 60 };
        Assert.Equal(60, await AdmitAsync(_one, limits, 70));
        using var call = _one.Open("t", limits, null, AdmissionLimits.None);
        var refusal = await call.EnterAsync(default);
        Assert.Equal((AdmissionLimit.Requests, 60.0, 60.0, 1.0), (refusal!.Limit, refusal.Most, refusal.Used, refusal.Requested));
        Assert.InRange(refusal.RetryAfter!.Value.TotalSeconds, 59, 61);
        Assert.Equal(0, call.Status().Requests!.Value.Remaining);
        Assert.Null(call.Status().Tokens);

        await SecondsAsync(62);
        Assert.Equal(60, await AdmitAsync(_one, limits, 70));
    }

    [Theory]
    [InlineData(60)]
    [InlineData(3)]
    [InlineData(6000)]
    public async Task Two_nodes_together_pass_a_limit_by_no_more_than_the_slack(int limit)
    {
        var limits = new AdmissionLimits { RequestsPerMinute = limit };
        var admitted = new List<int>();
        for (var second = 0; second < 150; second++)
        {
            admitted.Add(await AdmitAsync(_one, limits, 1 + (limit / 40)) + await AdmitAsync(_two, limits, 1 + (limit / 30)));
            await SecondsAsync(1);
        }

        for (var start = 0; start + 60 <= admitted.Count; start++)
        {
            Assert.True(admitted.Skip(start).Take(60).Sum() <= limit * 1.1, $"From second {start} on {admitted.Skip(start).Take(60).Sum()} passed.");
        }

        // What one does not use the other gets.
        Assert.True(admitted.Take(60).Sum() >= Math.Floor(limit * 0.95), $"Only {admitted.Take(60).Sum()} passed.");
    }

    [Fact]
    public async Task Tokens_are_taken_before_a_call_and_corrected_after_it()
    {
        var limits = new AdmissionLimits { TokensPerMinute = 1000 };
        using var call = _one.Open("t", limits, null, AdmissionLimits.None);
        Assert.Null(await call.TakeTokensAsync(100, 800, 1, default));
        using var second = _one.Open("t", limits, null, AdmissionLimits.None);
        var refusal = await second.TakeTokensAsync(100, 200, 1, default);
        Assert.Equal((AdmissionLimit.Tokens, 300.0), (refusal!.Limit, refusal.Requested));

        await SecondsAsync(5);
        call.AwaitSettlement();
        call.Settle(new TokenUsage(90, 0, 10));
        call.Settle(new TokenUsage(9000, 0, 9000));
        await SecondsAsync(2);
        Assert.Null(await second.TakeTokensAsync(100, 200, 1, default));
        Assert.InRange(second.Status().Tokens!.Value.Remaining, 590, 610);
    }

    [Fact]
    public async Task A_call_that_ends_without_a_settlement_gives_its_tokens_back()
    {
        var limits = new AdmissionLimits { TokensPerMinute = 1000 };
        using (var call = _one.Open("t", limits, null, AdmissionLimits.None))
        {
            Assert.Null(await call.TakeTokensAsync(1, 999, 1, default));
        }

        await SecondsAsync(2);
        using var next = _one.Open("t", limits, null, AdmissionLimits.None);
        Assert.Null(await next.TakeTokensAsync(1, 999, 1, default));
    }

    [Fact]
    public async Task A_call_larger_than_the_limit_is_refused_without_a_time_to_come_again()
    {
        var limits = new AdmissionLimits { TokensPerMinute = 1000 };
        using var call = _one.Open("t", limits, null, AdmissionLimits.None);
        var refusal = await call.TakeTokensAsync(1, 1000, 1, default);
        Assert.Equal((AdmissionLimit.Tokens, (TimeSpan?)null), (refusal!.Limit, refusal.RetryAfter));
        Assert.Equal(0, _holder.Asked);
    }

    [Fact]
    public async Task Parallel_calls_are_free_again_when_they_end_wherever_they_ran()
    {
        var limits = new AdmissionLimits { ParallelCalls = 2 };
        var first = _one.Open("t", limits, null, AdmissionLimits.None);
        var second = _two.Open("t", limits, null, AdmissionLimits.None);
        using var third = _two.Open("t", limits, null, AdmissionLimits.None);
        Assert.Null(await first.EnterAsync(default));
        Assert.Null(await second.EnterAsync(default));
        Assert.Equal(AdmissionLimit.ParallelCalls, (await third.EnterAsync(default))!.Limit);
        await SecondsAsync(30);
        Assert.NotNull(await third.EnterAsync(default));

        first.Dispose();
        await SecondsAsync(2);
        Assert.Null(await third.EnterAsync(default));
        second.Dispose();
    }

    [Fact]
    public async Task The_limits_of_a_key_hold_beside_those_of_its_tenant_and_a_refusal_by_one_takes_nothing_from_the_other()
    {
        var (ofTenant, ofKey) = (new AdmissionLimits { RequestsPerMinute = 3 }, new AdmissionLimits { RequestsPerMinute = 2 });
        Assert.Equal(2, await AdmitAsync(_one, ofTenant, 5, "key-1", ofKey));
        Assert.Equal(1, await AdmitAsync(_one, ofTenant, 5, "key-2", ofKey));
        using var call = _one.Open("t", ofTenant, "key-1", ofKey);
        Assert.True((await call.EnterAsync(default))!.IsOfKey);
        Assert.Equal(2, call.Status().Requests!.Value.Limit);

        // The second key has one request left, which the tenant had no room for.
        using var other = _one.Open("t", new AdmissionLimits { RequestsPerMinute = 4 }, "key-2", ofKey);
        await SecondsAsync(2);
        Assert.Null(await other.EnterAsync(default));
    }

    [Fact]
    public async Task While_the_holder_is_away_a_node_goes_on_with_an_even_part()
    {
        var limits = new AdmissionLimits { RequestsPerMinute = 100, ParallelCalls = 10 };
        Assert.Equal(10, await AdmitAsync(_one, limits, 10));
        Assert.Equal(10, await AdmitAsync(_two, limits, 10));
        await SecondsAsync(1);
        _holder.IsAway = true;
        await SecondsAsync(1);
        Assert.Equal(40, await AdmitAsync(_one, limits, 100));

        _holder.IsAway = false;
        await SecondsAsync(2);
        Assert.InRange(await AdmitAsync(_two, limits, 100), 35, 45);
    }

    [Fact]
    public async Task A_new_holder_learns_what_was_used()
    {
        var limits = new AdmissionLimits { RequestsPerMinute = 100 };
        Assert.Equal(80, await AdmitAsync(_one, limits, 80));
        _holder.Replace();
        await SecondsAsync(2);
        Assert.Equal(20, await AdmitAsync(_one, limits, 100));
    }

    [Fact]
    public async Task A_flood_of_refused_calls_asks_the_holder_about_once_a_second()
    {
        var limits = new AdmissionLimits { RequestsPerMinute = 10 };
        await AdmitAsync(_one, limits, 20);
        var before = _holder.Asked;
        Assert.Equal(0, await AdmitAsync(_one, limits, 1000));
        Assert.InRange(_holder.Asked - before, 0, 1);
    }

    [Fact]
    public async Task What_nobody_uses_any_more_is_forgotten()
    {
        await AdmitAsync(_one, new AdmissionLimits { RequestsPerMinute = 10 }, 1);
        Assert.Equal(1, _one.Scopes);
        await SecondsAsync(70);
        Assert.Equal(0, _one.Scopes);
    }

    private static async Task<int> AdmitAsync(AdmissionControl node, AdmissionLimits limits, int calls, string? key = null, AdmissionLimits? keyLimits = null)
    {
        var admitted = 0;
        for (var i = 0; i < calls; i++)
        {
            using var call = node.Open("t", limits, key, keyLimits ?? AdmissionLimits.None);
            admitted += await call.EnterAsync(default) is null ? 1 : 0;
        }

        return admitted;
    }

    private async Task SecondsAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            await _one.RenewAllAsync();
            await _two.RenewAllAsync();
        }
    }

    private AdmissionControl Node() => new(_holder, _time, new AdmissionMetrics(_services.GetRequiredService<IMeterFactory>()), NullLogger<AdmissionControl>.Instance);

    private sealed class SeverableHolder(TimeProvider time) : IAllowanceHolder
    {
        private LocalAllowances _allowances = new(time);

        public bool IsAway { get; set; }

        public int Asked { get; private set; }

        public void Replace() => _allowances = new LocalAllowances(time);

        public ValueTask<AllowanceGrant> RenewAsync(string scope, AllowanceReport report, CancellationToken cancellationToken)
        {
            Asked++;
            return IsAway ? throw new EngineUnavailableException("Away.") : _allowances.RenewAsync(scope, report, cancellationToken);
        }
    }
}
