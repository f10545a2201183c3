using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Orleans.Streams;
using MetaLlm.Engine.Orleans.Tests.Serialization;

namespace MetaLlm.Engine.Orleans.Tests.Streams;

public sealed class RewardOutboxTests
{
    [Fact]
    public void What_arrives_while_an_item_is_on_its_way_goes_with_the_next()
    {
        var outbox = new RewardOutbox(10);
        Assert.True(outbox.TryAdd([Event(1)], 1, out var mustStart));
        Assert.True(mustStart);
        Assert.Equal([1L], outbox.TakeOrClose()!.Events.Select(recorded => recorded.Sequence));

        Assert.True(outbox.TryAdd([Event(2)], 2, out mustStart));
        Assert.False(mustStart);
        Assert.True(outbox.TryAdd([Event(4), Event(3)], 4, out mustStart));
        Assert.False(mustStart);
        var next = outbox.TakeOrClose()!;

        Assert.Equal([2L, 4L, 3L], next.Events.Select(recorded => recorded.Sequence));
        Assert.Equal(4, next.UpTo);
    }

    [Fact]
    public void Beyond_its_bound_it_keeps_the_sequence_alone()
    {
        var outbox = new RewardOutbox(2);
        outbox.TryAdd([Event(1), Event(2), Event(3)], 3, out _);

        var item = outbox.TakeOrClose()!;

        Assert.Equal([1L, 2L], item.Events.Select(recorded => recorded.Sequence));
        Assert.Equal(3, item.UpTo);
    }

    [Fact]
    public void Found_empty_it_closes_and_takes_nothing_more()
    {
        var outbox = new RewardOutbox(2);
        outbox.TryAdd([Event(1)], 1, out _);
        outbox.TakeOrClose();
        Assert.Null(outbox.TakeOrClose());

        Assert.False(outbox.TryAdd([Event(2)], 2, out var mustStart));
        Assert.False(mustStart);
    }

    private static RewardedEvent Event(long sequence) => Samples.Rewarded with { Sequence = sequence };
}
