using System.Collections.Concurrent;
using System.Diagnostics;

namespace MetaLlm.FunctionalTests.Faults;

/// <summary>Requests at a fixed rate, whether or not those before were answered: half of them plain, half streamed.</summary>
internal sealed class SteadyLoad(Client client, int requestsPerSecond)
{
    private readonly ConcurrentQueue<(HttpStatusCode Status, double Seconds, bool IsWhole, string Text)> _answers = new();
    private readonly ConcurrentBag<Task> _running = [];

    public int Count => _answers.Count;

    public int Failed => _answers.Count(answer => (int)answer.Status >= 500);

    /// <summary>Streams that broke off after content had gone out, which no other model can mend.</summary>
    public int BrokenOff => _answers.Count(answer => answer.Status == HttpStatusCode.OK && !answer.IsWhole);

    public IEnumerable<string> Failures => _answers.Where(answer => (int)answer.Status >= 500).Select(answer => $"{(int)answer.Status}: {answer.Text}");

    /// <summary>The time by which so many of the requests had their whole answer, seconds.</summary>
    public double Percentile(double share)
    {
        var sorted = _answers.Select(answer => answer.Seconds).Order().ToList();
        return sorted.Count == 0 ? 0 : sorted[Math.Min(sorted.Count - 1, (int)(share * sorted.Count))];
    }

    /// <summary>Sends for so long, and waits for the answers.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        using var tick = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        var sent = 0;
        while (await tick.WaitForNextTickAsync() && Stopwatch.GetElapsedTime(started) < duration)
        {
            for (var due = (int)(Stopwatch.GetElapsedTime(started).TotalSeconds * requestsPerSecond); sent < due; sent++)
            {
                _running.Add(SendAsync(sent));
            }
        }
    }

    public Task EndAsync() => Task.WhenAll(_running);

    private async Task SendAsync(int number)
    {
        var stream = number % 2 == 0;
        var started = Stopwatch.GetTimestamp();
        using var response = await client.StreamAsync(new { model = "auto", stream, messages = new[] { new { role = "user", content = $"Question {number}" } } });
        var text = string.Empty;
        try
        {
            text = await response.Content.ReadAsStringAsync();
        }
        catch (Exception e) when (stream && e is IOException or HttpRequestException)
        {
            // A stream that broke off; it is counted by its missing end.
        }

        var isWhole = !stream || text.Contains("[DONE]", StringComparison.Ordinal);
        _answers.Enqueue((response.StatusCode, Stopwatch.GetElapsedTime(started).TotalSeconds, isWhole, text));
    }
}
