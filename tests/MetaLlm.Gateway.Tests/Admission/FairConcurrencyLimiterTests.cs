using System.Diagnostics.Metrics;
using MetaLlm.Engine.Admission;
using MetaLlm.TestKit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Admission;

public sealed class FairConcurrencyLimiterTests : IDisposable
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Fact]
    public async Task Tenants_take_turns_however_many_calls_one_of_them_has()
    {
        var limiter = Limiter(1);
        await limiter.EnterAsync("busy", default);
        var busy = Enumerable.Range(0, 20).Select(_ => limiter.EnterAsync("busy", default).AsTask()).ToList();
        var other = limiter.EnterAsync("other", default).AsTask();
        var third = limiter.EnterAsync("third", default).AsTask();
        limiter.Leave();
        await busy[0].WaitAsync(Longest);
        Assert.False(other.IsCompleted);

        limiter.Leave();
        await other.WaitAsync(Longest);
        limiter.Leave();
        await third.WaitAsync(Longest);
        limiter.Leave();
        await busy[1].WaitAsync(Longest);
        Assert.Equal(18, limiter.Waiting);
    }

    [Fact]
    public async Task A_call_that_would_wait_too_long_is_turned_away_at_once_and_one_of_another_tenant_is_not()
    {
        var limiter = Limiter(1);
        await limiter.EnterAsync("busy", default);
        var waiting = await FillAsync(limiter, "busy", TimeSpan.FromMilliseconds(50));
        Assert.InRange(waiting.Count, 14, 21);
        Assert.True(limiter.IsOverloaded("busy", out var retryAfter));
        Assert.InRange(retryAfter.TotalSeconds, 0.8, 1.2);
        Assert.False(limiter.IsOverloaded("other", out var none));
        Assert.Equal(TimeSpan.Zero, none);
        var other = limiter.EnterAsync("other", default);
        Assert.False(other.IsCompleted);
    }

    [Fact]
    public async Task Nobody_waits_longer_than_the_limit_when_the_server_stands_still()
    {
        var limiter = Limiter(1);
        await limiter.EnterAsync("t", default);
        var waiting = limiter.EnterAsync("t", default).AsTask();
        _time.Advance(TimeSpan.FromSeconds(0.9));
        Assert.False(waiting.IsCompleted);
        Assert.True(limiter.IsOverloaded("t", out _));
        _time.Advance(TimeSpan.FromSeconds(0.2));
        var shed = await Assert.ThrowsAsync<OverloadedException>(() => waiting.WaitAsync(Longest));
        Assert.True(shed.RetryAfter > TimeSpan.Zero);
        Assert.Equal(0, limiter.Waiting);

        limiter.Leave();
        Assert.True(limiter.EnterAsync("t", default).AsTask().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_client_that_leaves_gives_its_place_in_the_queue_up_and_the_newest_goes_first_for_a_while()
    {
        var limiter = Limiter(1);
        using var leaving = new CancellationTokenSource();
        await limiter.EnterAsync("t", default);
        var left = limiter.EnterAsync("t", leaving.Token).AsTask();
        var old = limiter.EnterAsync("t", default).AsTask();
        var newer = limiter.EnterAsync("t", default).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => left.WaitAsync(Longest));
        Assert.Equal(2, limiter.Waiting);

        limiter.Leave();
        await newer.WaitAsync(Longest);
        Assert.False(old.IsCompleted);
        limiter.Leave();
        await old.WaitAsync(Longest);
    }

    [Fact]
    public void Entering_allocates_nothing_while_there_is_room()
    {
        var limiter = Limiter(2);
        Assert.Equal(0, Allocated(() =>
        {
            Assert.False(limiter.IsOverloaded("t", out _));
            Assert.True(limiter.EnterAsync("t", default).AsTask().IsCompletedSuccessfully);
            limiter.Leave();
        }));
    }

    /// <summary>
    /// 600 clients lose patience after 1.5 seconds at a server that answers 200 a second, and come again at once. Served in order of arrival, each waits three seconds, and nearly none is answered.
    /// </summary>
    [Theory]
    [InlineData(1.5, true)]
    [InlineData(1.5, false)]
    [InlineData(0.4, false)]
    public async Task Goodput_keeps_to_capacity_when_three_times_as_many_clients_lose_patience(double patienceSeconds, bool heedsRetryAfter)
    {
        const int Clients = 600;
        const int Places = 32;
        const int Seconds = 20;
        var storm = new ClientStorm(Limiter(Places), _time, Clients, TimeSpan.FromSeconds(patienceSeconds), heedsRetryAfter);

        // 32 places of 160 milliseconds are 200 calls a second.
        await storm.RunAsync(TimeSpan.FromSeconds(Seconds), service: TimeSpan.FromMilliseconds(160), afterwards: TimeSpan.FromMilliseconds(100));

        Assert.True(storm.Answered >= 0.8 * 200 * Seconds, $"Only {storm.Answered} of {200 * Seconds} were answered in time; {storm.TurnedAway} were turned away, {storm.Left} left.");
    }

    private static long Allocated(Action action)
    {
        action();
        return Allocations.Least(() =>
        {
            for (var i = 0; i < 100; i++)
            {
                action();
            }
        }) / 100;
    }

    /// <summary>Serves one call each interval until another one would wait too long.</summary>
    private async Task<List<Task>> FillAsync(FairConcurrencyLimiter limiter, string tenant, TimeSpan interval)
    {
        var waiting = new List<Task>();
        for (var i = 0; i < 40; i++)
        {
            for (var call = 0; call < 2; call++)
            {
                if (limiter.IsOverloaded(tenant, out _))
                {
                    return waiting;
                }

                waiting.Add(limiter.EnterAsync(tenant, default).AsTask());
            }

            _time.Advance(interval);
            limiter.Leave();
            await (await Task.WhenAny(waiting)).WaitAsync(Longest);
            waiting.RemoveAll(task => task.IsCompleted);
        }

        throw new InvalidOperationException("It is never overloaded.");
    }

    private FairConcurrencyLimiter Limiter(int places) => new(places, LongestWait, _time, new AdmissionMetrics(_services.GetRequiredService<IMeterFactory>()));
}
