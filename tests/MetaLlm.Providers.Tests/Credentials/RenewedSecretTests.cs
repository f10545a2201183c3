using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Credentials;
using MetaLlm.Providers.Tests.Support;
using MetaLlm.TestKit;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Providers.Tests.Credentials;

public sealed class RenewedSecretTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Queue<TaskCompletionSource<Lease<string>>> _answers = new();
    private readonly RenewedSecret<string> _secret;
    private readonly CountingLog _log = new();
    private int _fetches;

    public RenewedSecretTests() => _secret = new RenewedSecret<string>(
        "A secret",
        _ =>
        {
            lock (_answers)
            {
                _fetches++;
                return _answers.Dequeue().Task;
            }
        },
        _log,
        _time);

    [Fact]
    public async Task Calls_that_come_together_wait_for_one_fetch_and_later_ones_for_none()
    {
        var answer = Answer();
        var waiting = Enumerable.Range(0, 8).Select(_ => _secret.GetAsync(CancellationToken.None).AsTask()).ToList();
        Assert.DoesNotContain(waiting, task => task.IsCompleted);
        answer.SetResult(Lease("one"));
        Assert.All(await Task.WhenAll(waiting), secret => Assert.Equal("one", secret));
        Assert.True(_secret.GetAsync(CancellationToken.None).AsTask().IsCompletedSuccessfully);
        Assert.Equal(1, Fetches);
    }

    [Fact]
    public async Task A_secret_is_renewed_beside_the_calls_and_once()
    {
        Answer().SetResult(Lease("one"));
        await _secret.GetAsync(CancellationToken.None);
        var renewal = Answer();
        _time.Advance(TimeSpan.FromMinutes(50));
        for (var i = 0; i < 4; i++)
        {
            var call = _secret.GetAsync(CancellationToken.None).AsTask();
            Assert.True(call.IsCompletedSuccessfully);
            Assert.Equal("one", await call);
        }

        renewal.SetResult(Lease("two"));
        await Eventually.TrueAsync("the secret is new", async () => await _secret.GetAsync(CancellationToken.None) == "two");
        Assert.Equal(2, Fetches);
    }

    [Fact]
    public async Task A_failed_fetch_refuses_calls_and_is_repeated_after_a_while()
    {
        Answer().SetException(new InvalidOperationException("no identity"));
        var failure = await Assert.ThrowsAsync<ChatProviderException>(async () => await _secret.GetAsync(CancellationToken.None));
        Assert.Equal((ChatFailure.Refused, 401, true), (failure.Failure, failure.UpstreamStatus!.Value, failure.NeverSent));
        Assert.DoesNotContain("identity", failure.Message, StringComparison.Ordinal);
        var again = await Assert.ThrowsAsync<ChatProviderException>(async () => await _secret.GetAsync(CancellationToken.None));
        Assert.Equal((ChatFailure.Refused, 1), (again.Failure, Fetches));

        Answer().SetResult(Lease("one"));
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal("one", await _secret.GetAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_renewal_that_fails_leaves_the_old_secret_until_it_expires()
    {
        Answer().SetResult(Lease("one"));
        await _secret.GetAsync(CancellationToken.None);
        Answer().SetException(new InvalidOperationException());
        _time.Advance(TimeSpan.FromMinutes(50));
        Assert.Equal("one", await _secret.GetAsync(CancellationToken.None));
        await Eventually.TrueAsync("the failure is known", () => _log.Count == 1);
        Assert.Equal("one", await _secret.GetAsync(CancellationToken.None));
        Answer().SetResult(Lease("two"));
        _time.Advance(TimeSpan.FromMinutes(10));
        await Eventually.TrueAsync("the secret is new", async () => await _secret.GetAsync(CancellationToken.None) == "two");
    }

    [Fact]
    public async Task A_secret_that_is_due_from_its_start_is_not_fetched_by_every_call()
    {
        Answer().SetResult(new Lease<string>("one", _time.GetUtcNow(), _time.GetUtcNow().AddMinutes(1)));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("one", await _secret.GetAsync(CancellationToken.None));
        }

        Assert.Equal(1, Fetches);
        Answer().SetResult(Lease("two"));
        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync("the secret is new", async () => await _secret.GetAsync(CancellationToken.None) == "two");
    }

    [Fact]
    public async Task A_caller_that_leaves_does_not_end_the_fetch_of_the_others()
    {
        var answer = Answer();
        using var leaving = new CancellationTokenSource();
        var first = _secret.GetAsync(leaving.Token).AsTask();
        var second = _secret.GetAsync(CancellationToken.None).AsTask();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        answer.SetResult(Lease("one"));
        Assert.Equal("one", await second);
    }

    private int Fetches
    {
        get
        {
            lock (_answers)
            {
                return _fetches;
            }
        }
    }

    private TaskCompletionSource<Lease<string>> Answer()
    {
        var answer = new TaskCompletionSource<Lease<string>>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_answers)
        {
            _answers.Enqueue(answer);
        }

        return answer;
    }

    private Lease<string> Lease(string value) => new(value, _time.GetUtcNow().AddMinutes(45), _time.GetUtcNow().AddMinutes(60));
}
