using MetaLlm.Gateway.Admission;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Admission;

public sealed class RefusalPaceTests
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1.0 / RefusalPace.PerSecondAndCore);

    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Refusals_that_come_no_faster_than_the_pace_leave_at_once()
    {
        var pace = new RefusalPace(1, _time);
        for (var i = 0; i < 1000; i++)
        {
            Assert.Equal(TimeSpan.Zero, pace.Take());
            _time.Advance(Step);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Refusals_that_come_together_leave_one_after_another(int cores)
    {
        var pace = new RefusalPace(cores, _time);
        Assert.Equal(Enumerable.Range(0, 50).Select(i => i * Step / cores), Enumerable.Range(0, 50).Select(_ => pace.Take()));
    }

    [Fact]
    public void However_many_there_are_none_is_held_longer_than_a_client_waits_anyhow()
    {
        var pace = new RefusalPace(1, _time);
        var holds = Enumerable.Range(0, 10 * RefusalPace.PerSecondAndCore).Select(_ => pace.Take()).ToList();
        Assert.Equal(RefusalPace.Longest, holds.Max());

        _time.Advance(RefusalPace.Longest);
        Assert.Equal(TimeSpan.Zero, pace.Take());
    }

    [Fact]
    public void Six_hundred_clients_that_come_again_at_once_are_refused_no_oftener_than_the_pace()
    {
        var pace = new RefusalPace(2, _time);
        var next = new PriorityQueue<int, TimeSpan>(Enumerable.Range(0, 600).Select(client => (client, TimeSpan.Zero)));
        var (now, refused) = (TimeSpan.Zero, 0);
        while (now < TimeSpan.FromSeconds(10))
        {
            next.TryDequeue(out var client, out var at);
            _time.Advance(at - now);
            now = at;
            refused++;
            next.Enqueue(client, now + pace.Take() + TimeSpan.FromMilliseconds(1));
        }

        // 500 a second leave at the pace; those for whom there is no place within a second come on top. At once it would be 600,000 a second.
        Assert.InRange(refused, 5_000, 7_000);
    }
}
