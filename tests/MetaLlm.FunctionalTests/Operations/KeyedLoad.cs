using System.Collections.Concurrent;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>Clients that ask one question after another, plain and streamed in turn, until they are stopped.</summary>
internal sealed class KeyedLoad : IAsyncDisposable
{
    private readonly ConcurrentQueue<string> _failures = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private int _answered;

    /// <param name="client">Whom to ask as, looked up for each question.</param>
    /// <param name="clients">How many ask at the same time.</param>
    public KeyedLoad(Func<Client> client, int clients) =>
        _running = Task.WhenAll(Enumerable.Range(0, clients).Select(number => Task.Run(() => AskAsync(client, number))));

    /// <summary>Waits until so many more answers have come.</summary>
    public Task AnsweredAsync(int more)
    {
        var target = Volatile.Read(ref _answered) + more;
        return Eventually.TrueAsync($"{more} more answers come", () => Volatile.Read(ref _answered) >= target);
    }

    /// <summary>Lets the clients end.</summary>
    /// <returns>What was not answered well.</returns>
    public async Task<IReadOnlyCollection<string>> StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
        return _failures;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task AskAsync(Func<Client> client, int number)
    {
        for (var i = 0; !_stop.IsCancellationRequested; i++)
        {
            var stream = i % 2 == 0;
            using var response = await client().StreamAsync(new { model = "auto", stream, messages = new[] { new { role = "user", content = $"Question {number}.{i}" } } });
            var text = await response.Content.ReadAsStringAsync();
            if (response.StatusCode != HttpStatusCode.OK || (stream && !text.Contains("[DONE]", StringComparison.Ordinal)))
            {
                _failures.Enqueue($"{(int)response.StatusCode}: {text}");
            }

            Interlocked.Increment(ref _answered);
        }
    }
}
