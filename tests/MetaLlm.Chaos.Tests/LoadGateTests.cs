using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Tests;

public sealed class LoadGateTests
{
    private readonly LoadGate _gate = new();

    [Fact]
    public async Task Closing_waits_for_those_inside()
    {
        var stay = await _gate.EnterAsync(CancellationToken.None);
        var closing = _gate.CloseAsync();
        Assert.False(closing.IsCompleted);
        stay.Dispose();
        await closing.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task Nobody_comes_in_until_it_opens()
    {
        await _gate.CloseAsync();
        var entering = _gate.EnterAsync(CancellationToken.None);
        Assert.False(entering.IsCompleted);
        _gate.Open();
        (await entering.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }

    [Fact]
    public async Task Whoever_is_told_to_stop_does_not_wait()
    {
        await _gate.CloseAsync();
        using var stop = new CancellationTokenSource();
        var entering = _gate.EnterAsync(stop.Token);
        await stop.CancelAsync();
        (await entering.WaitAsync(TimeSpan.FromSeconds(10))).Dispose();
    }
}
