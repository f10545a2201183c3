using MetaLlm.Storage.Commits;

namespace MetaLlm.Storage.Tests.Commits;

public sealed class WriteQueueTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(1);

    private readonly WriteQueue<string> _queue = new();

    [Fact]
    public async Task Whoever_waits_gets_the_next_write()
    {
        var taking = Task.Factory.StartNew(() => _queue.TryTake(out var write, Timeout.InfiniteTimeSpan) ? write : null, TaskCreationOptions.LongRunning);
        Assert.True(_queue.TryAdd("one"));
        Assert.Equal("one", await taking.WaitAsync(Longest));
    }

    [Fact]
    public void What_waits_when_the_queue_is_closed_can_still_be_taken_and_nothing_more_comes()
    {
        Assert.True(_queue.TryAdd("one"));
        Assert.True(_queue.TryAdd("two"));
        _queue.Close();
        Assert.True(_queue.IsClosed);
        Assert.False(_queue.TryAdd("three"));

        Assert.True(_queue.TryTake(out var first, Timeout.InfiniteTimeSpan));
        Assert.True(_queue.TryTake(out var second, TimeSpan.Zero));
        Assert.Equal(("one", "two"), (first, second));
        Assert.False(_queue.TryTake(out _, Timeout.InfiniteTimeSpan));
    }

    [Fact]
    public async Task To_close_lets_go_whoever_waits()
    {
        var taking = Task.Factory.StartNew(() => _queue.TryTake(out _, Timeout.InfiniteTimeSpan), TaskCreationOptions.LongRunning);
        _queue.Close();
        Assert.False(await taking.WaitAsync(Longest));
    }

    [Fact]
    public void Nobody_waits_longer_than_asked() => Assert.False(_queue.TryTake(out _, TimeSpan.FromMilliseconds(1)));
}
