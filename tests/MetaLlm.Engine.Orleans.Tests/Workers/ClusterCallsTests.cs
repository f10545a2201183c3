using MetaLlm.Engine.Orleans.Callers;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Orleans.Messaging;
using Orleans.Runtime.Messaging;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

public sealed class ClusterCallsTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(20);

    private readonly SiloDepartures _departures = new();
    private int _sent;

    private ClusterCalls Calls => new(_departures, TimeProvider.System);

    [Fact]
    public async Task A_call_that_is_lost_with_a_silo_is_made_again()
    {
        var answer = await Calls.AskAsync(
            () => ++_sent switch
            {
                1 => throw new SiloUnavailableException("It is gone."),
                2 => ValueTask.FromException<int>(new ConnectionFailedException("It cannot be reached.")),
                _ => ValueTask.FromResult(_sent),
            },
            default);

        Assert.Equal(3, answer);
    }

    [Fact]
    public async Task A_call_that_keeps_getting_lost_ends_as_unavailable()
    {
        var error = await Assert.ThrowsAsync<EngineUnavailableException>(async () => await Calls.AskAsync<int>(
            () => throw new SiloUnavailableException($"Attempt {++_sent}."), default).AsTask().WaitAsync(Longest));

        Assert.IsType<SiloUnavailableException>(error.InnerException);
        Assert.True(_sent > 5);
    }

    [Fact]
    public async Task A_call_that_ran_out_of_time_is_not_made_again()
    {
        await Assert.ThrowsAsync<EngineUnavailableException>(async () => await Calls.AskAsync<int>(
            () => throw new TimeoutException($"Attempt {++_sent}."), default));

        Assert.Equal(1, _sent);
    }

    [Fact]
    public async Task An_error_of_the_callee_is_the_callers()
    {
        await Assert.ThrowsAsync<UnknownTenantException>(async () => await Calls.AskAsync<int>(() => throw new UnknownTenantException($"{++_sent}"), default));

        Assert.Equal(1, _sent);
    }

    /// <summary>A client's call to a silo that is gone waits for an answer that never comes.</summary>
    [Fact]
    public async Task A_call_that_waits_is_made_again_when_a_silo_has_left_the_list()
    {
        var list = new List<Uri> { new("gwy.tcp://127.0.0.1:1/1"), new("gwy.tcp://127.0.0.1:2/2") };
        var gateways = new WatchedGateways(new FixedList(list), _departures);
        await gateways.InitializeGatewayListProvider();
        await gateways.GetGateways();
        var asked = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var call = Calls.AskAsync(
            () =>
            {
                asked.TrySetResult();
                return ++_sent == 1 ? new ValueTask<int>(new TaskCompletionSource<int>().Task) : ValueTask.FromResult(_sent);
            },
            default).AsTask();
        await asked.Task.WaitAsync(Longest);
        await gateways.GetGateways();
        Assert.False(call.IsCompleted);

        list.RemoveAt(0);
        await gateways.GetGateways();

        Assert.Equal(2, await call.WaitAsync(Longest));
    }

    private sealed class FixedList(List<Uri> list) : IGatewayListProvider
    {
        public TimeSpan MaxStaleness => TimeSpan.Zero;

        [Obsolete("Nobody asks any more.")]
        public bool IsUpdatable => true;

        public Task InitializeGatewayListProvider() => Task.CompletedTask;

        public Task<IList<Uri>> GetGateways() => Task.FromResult<IList<Uri>>([.. list]);
    }
}
