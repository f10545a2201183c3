using MetaLlm.Engine.Orleans.Grains;

namespace MetaLlm.Engine.Orleans.Tests.Grains;

public sealed class AsyncLockTests
{
    [Fact]
    public async Task Turns_come_one_at_a_time_in_the_order_of_arrival()
    {
        var turns = new AsyncLock();
        var order = new List<int>();
        var first = await turns.EnterAsync(default);
        var waiting = Enumerable.Range(0, 20).Select(async i =>
        {
            using var turn = await turns.EnterAsync(default);
            order.Add(i);
            await Task.Yield();
            order.Add(i);
        }).ToList();
        Assert.Empty(order);

        first.Dispose();
        await Task.WhenAll(waiting);

        Assert.Equal(Enumerable.Range(0, 20).SelectMany(i => (int[])[i, i]), order);
    }

    [Fact]
    public async Task Who_gives_up_waiting_leaves_the_others_their_turns()
    {
        var turns = new AsyncLock();
        using var cancel = new CancellationTokenSource();
        var first = await turns.EnterAsync(default);
        var impatient = turns.EnterAsync(cancel.Token).AsTask();
        var patient = turns.EnterAsync(default).AsTask();

        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Assert.False(patient.IsCompleted);
        first.Dispose();

        (await patient).Dispose();
        (await turns.EnterAsync(default)).Dispose();
    }
}
