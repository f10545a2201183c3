using System.Text;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Workers;

/// <summary>Provider calls from a silo, which get the live answer, and from a client, which get it part by part.</summary>
public sealed class ProviderCallTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ScriptedProvider _upstreams = new();
    private MetaLlmCluster _cluster = null!;

    public static TheoryData<bool> Sides { get; } = new() { true, false };

    public async Task InitializeAsync()
    {
        var store = new InMemoryStoreFixture();
        _cluster = await MetaLlmCluster.StartAsync(
            new SiloSetup { Journal = store.Journal, Snapshots = store.Snapshots, Provider = _upstreams, Client = true });
    }

    public async Task DisposeAsync() => await _cluster.DisposeAsync();

    [Fact]
    public async Task A_caller_on_the_silo_gets_the_very_object_that_the_provider_made()
    {
        var made = new UpstreamAnswer().Response();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(made));

        Assert.Same(made, await Provider(onSilo: true).SendAsync(ScriptedProvider.Call("m"), default));
        Assert.Equal(0, _cluster.Silo.GetRequiredService<CallHandOff>().Count);
    }

    [Fact]
    public async Task A_caller_on_the_silo_hands_over_the_very_call()
    {
        ChatCall? seen = null;
        _upstreams.On("m", (call, _) =>
        {
            seen = call;
            return ValueTask.FromResult(new UpstreamAnswer().Response());
        });
        var sent = ScriptedProvider.Call("m");

        await Provider(onSilo: true).SendAsync(sent, default);

        Assert.Same(sent, seen);
    }

    [Fact]
    public async Task A_client_reads_the_parts_in_order_each_as_it_was()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        for (var i = 0; i < 200; i++)
        {
            answer.Send($"part {i}");
        }

        answer.Send("end", last: true);
        await using var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), default);
        var parts = new List<ChatPart>();
        await foreach (var part in response.Parts)
        {
            parts.Add(part);
        }

        Assert.Equal((203, "text/event-stream"), (response.Status, response.ContentType));
        Assert.Equal([new("x-request-id", "r1"), new("x-two", "2")], response.Headers);
        Assert.Equal([.. Enumerable.Range(0, 200).Select(i => $"part {i}"), "end"], parts.Select(part => Encoding.UTF8.GetString(part.Bytes.Span)));
        Assert.Equal((true, new TokenUsage(3, 1, 2), 3), (parts[^1].IsLast, parts[^1].Usage, parts[^1].OutputCharacters));
        Assert.All(parts.SkipLast(1), part => Assert.True(part is { IsLast: false, Usage: null }));
        await answer.Disposed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_sees_a_part_before_the_next_one_exists()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        await using var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), default);
        await using var parts = response.Parts.GetAsyncEnumerator();
        foreach (var text in (string[])["one", "two", "three"])
        {
            answer.Send(text);
            Assert.True(await parts.MoveNextAsync().AsTask().WaitAsync(Patience));
            Assert.Equal(text, Encoding.UTF8.GetString(parts.Current.Bytes.Span));
        }
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task Cancelling_before_the_answer_ends_the_upstreams_call(bool onSilo)
    {
        var begun = new TaskCompletionSource();
        var ended = new TaskCompletionSource();
        _upstreams.On("m", async (_, token) =>
        {
            begun.SetResult();
            await using var registration = token.Register(ended.SetResult);
            await Task.Delay(Timeout.Infinite, token);
            throw new InvalidOperationException("Not reached.");
        });
        using var cancel = new CancellationTokenSource();
        var sending = Provider(onSilo).SendAsync(ScriptedProvider.Call("m"), cancel.Token).AsTask();
        await begun.Task.WaitAsync(Patience);

        await cancel.CancelAsync();

        var error = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending.WaitAsync(Patience));
        Assert.Equal(cancel.Token, error.CancellationToken);
        await ended.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task Cancelling_a_clients_call_after_the_answer_began_ends_the_upstreams()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        using var cancel = new CancellationTokenSource();
        await using var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), cancel.Token);
        var reading = Task.Run(async () =>
        {
            await foreach (var _ in response.Parts)
            {
            }
        });

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading.WaitAsync(Patience));
        await answer.Disposed.WaitAsync(Patience);
    }

    [Fact]
    public async Task A_client_that_stops_reading_ends_the_upstreams_call()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), default);
        answer.Send("one");
        await using (var parts = response.Parts.GetAsyncEnumerator())
        {
            Assert.True(await parts.MoveNextAsync().AsTask().WaitAsync(Patience));
        }

        Assert.False(answer.Disposed.IsCompleted);
        await response.DisposeAsync();

        await answer.Disposed.WaitAsync(Patience);
    }

    [Theory]
    [MemberData(nameof(Sides))]
    public async Task A_failure_before_the_answer_arrives_with_all_it_says(bool onSilo)
    {
        _upstreams.On("m", (_, _) => throw new ChatProviderException(ChatFailure.RateLimited, "slow down")
        {
            UpstreamStatus = 429,
            RetryAfter = TimeSpan.FromSeconds(7),
        });

        var error = await Assert.ThrowsAsync<ChatProviderException>(
            async () => await Provider(onSilo).SendAsync(ScriptedProvider.Call("m"), default));

        Assert.Equal(
            (ChatFailure.RateLimited, "slow down", 429, TimeSpan.FromSeconds(7)),
            (error.Failure, error.Message, error.UpstreamStatus, error.RetryAfter));
    }

    [Fact]
    public async Task A_cut_answer_reaches_a_client_as_one_after_its_parts()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        answer.Send("one");
        answer.Fail(new ChatProviderException(ChatFailure.Cut, "broke off"));
        await using var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), default);
        await using var parts = response.Parts.GetAsyncEnumerator();

        Assert.True(await parts.MoveNextAsync().AsTask().WaitAsync(Patience));
        var error = await Assert.ThrowsAsync<ChatProviderException>(() => parts.MoveNextAsync().AsTask().WaitAsync(Patience));

        Assert.Equal((ChatFailure.Cut, "broke off"), (error.Failure, error.Message));
    }

    [Fact]
    public async Task A_ticket_of_another_process_is_refused()
    {
        var worker = _cluster.Grains.GetGrain<Contracts.IProviderCallWorkerGrain>(0);
        Assert.False(await worker.HandOverAsync(-1));
    }

    [Fact]
    public async Task A_silo_that_is_to_stop_waits_until_the_caller_has_the_end_of_its_answer()
    {
        var answer = new UpstreamAnswer();
        _upstreams.On("m", (_, _) => ValueTask.FromResult(answer.Response()));
        answer.Send("one");
        Task drain;
        await using (var response = await Provider(onSilo: false).SendAsync(ScriptedProvider.Call("m"), default))
        {
            await using var parts = response.Parts.GetAsyncEnumerator();
            Assert.True(await parts.MoveNextAsync());
            drain = _cluster.Silo.GetRequiredService<RemoteCalls>().DrainAsync(default);
            answer.Send("two", last: true);
            Assert.True(await parts.MoveNextAsync());
            Assert.False(await parts.MoveNextAsync());

            // What the silo sends may still be on its way to a caller when the silo is done with it.
            Assert.False(drain.IsCompleted);
        }

        await drain.WaitAsync(Patience);
    }

    private IChatProvider Provider(bool onSilo) => (onSilo ? _cluster.Silo : _cluster.Client).GetRequiredService<IChatProvider>();
}
