using System.Diagnostics;
using System.Text;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

/// <summary>Provider calls of a client of two silos: one or the other makes them, and either side may be gone without a word.</summary>
public sealed class RemoteCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Seconds = TimeSpan.FromSeconds(25);

    private readonly ScriptedProvider _upstreams = new();
    private MetaLlmCluster _cluster = null!;

    public static TheoryData<bool> Deaths { get; } = new() { true, false };

    public async Task InitializeAsync()
    {
        var store = new InMemoryStoreFixture();
        _cluster = await MetaLlmCluster.StartAsync(
            new SiloSetup { Journal = store.Journal, Snapshots = store.Snapshots, Provider = _upstreams, Silos = 2, Client = true });
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task Every_answer_arrives_whole_whichever_silo_makes_the_call()
    {
        const int calls = 24;
        const int parts = 30;
        var answers = Enumerable.Range(0, calls).ToDictionary(i => $"m{i}", _ => new UpstreamAnswer());
        foreach (var (model, answer) in answers)
        {
            _upstreams.On(model, (_, _) => ValueTask.FromResult(answer.Response(IsNative(model))));
        }

        var read = answers.Keys.Select(async model =>
        {
            await using var response = await Provider.SendAsync(ScriptedProvider.Call(model), default);
            Assert.Equal(IsNative(model), response.IsNative);
            await using var reading = response.Parts.GetAsyncEnumerator();
            for (var i = 0; i <= parts; i++)
            {
                // One at a time, so that each part is a message of its own.
                answers[model].Send($"{model} part {i}", last: i == parts);
                Assert.True(await reading.MoveNextAsync());
                Assert.Equal($"{model} part {i}", Encoding.UTF8.GetString(reading.Current.Bytes.Span));
            }

            Assert.False(await reading.MoveNextAsync());
        });

        await Task.WhenAll(read).WaitAsync(Seconds);
        await Task.WhenAll(answers.Values.Select(answer => answer.Disposed)).WaitAsync(Seconds);

        static bool IsNative(string model) => model.EndsWith('3');
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_silo_that_is_gone_ends_its_answers(bool killed)
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        answer.Send("one");
        await using var response = await Provider.SendAsync(ScriptedProvider.Call("m"), default);
        await using var parts = response.Parts.GetAsyncEnumerator();
        Assert.True(await parts.MoveNextAsync());
        var next = parts.MoveNextAsync().AsTask();

        await _cluster.EndCallersSiloAsync(killed);

        var error = await Assert.ThrowsAsync<ChatProviderException>(() => next.WaitAsync(Seconds));
        Assert.Equal(ChatFailure.Cut, error.Failure);
    }

    [Theory]
    [MemberData(nameof(Deaths))]
    public async Task A_silo_that_is_gone_before_the_answer_began_is_an_arm_out_of_reach(bool killed)
    {
        var begun = new TaskCompletionSource();
        _upstreams.On("m", async (_, token) =>
        {
            begun.SetResult();
            await Task.Delay(Timeout.Infinite, token);
            throw new UnreachableException();
        });
        var sending = Provider.SendAsync(ScriptedProvider.Call("m"), default).AsTask();
        await begun.Task.WaitAsync(Seconds);

        await _cluster.EndCallersSiloAsync(killed);

        var error = await Assert.ThrowsAsync<ChatProviderException>(() => sending.WaitAsync(Seconds));
        Assert.Equal(ChatFailure.Connection, error.Failure);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_client_that_is_gone_ends_the_upstreams_call(bool whileReading)
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        answer.Send("one");
        var response = await Provider.SendAsync(ScriptedProvider.Call("m"), default);
        var parts = response.Parts.GetAsyncEnumerator();
        Assert.True(await parts.MoveNextAsync());
        var next = whileReading ? parts.MoveNextAsync().AsTask() : Task.CompletedTask;

        await _cluster.KillClientAsync();

        await answer.Disposed.WaitAsync(Seconds);
        if (whileReading)
        {
            await Assert.ThrowsAsync<ChatProviderException>(() => next.WaitAsync(Seconds));
        }
    }

    private IChatProvider Provider => _cluster.Client.GetRequiredService<IChatProvider>();
}
