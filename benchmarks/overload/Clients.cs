using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace MetaLlm.Benchmarks.Overload;

/// <summary>Clients that ask, wait for the answer as long as their patience lasts, and ask again. No two ask the same.</summary>
internal sealed class Clients : IDisposable
{
    private const int WordsPerPrompt = 400;
    private const int Texts = 64;
    private const int NumberAt = 71;
    private static readonly string[] Vocabulary = "the quick market river stone answer question model paper value winter summer engine people water light under above between machine history number garden music planet".Split(' ');

    // The clients share the machine with the gateway: what they send is made beforehand, but for the number that no two prompts share.
    private static readonly byte[][] Bodies = [.. Enumerable.Range(0, Texts).Select(seed => Encoding.UTF8.GetBytes(Body(new Random(seed))))];
    private static long _prompts = Random.Shared.NextInt64(1_000_000_000);

    private readonly HttpClient _http = new(new SocketsHttpHandler { MaxConnectionsPerServer = 10_000, PooledConnectionIdleTimeout = TimeSpan.FromSeconds(5) }) { Timeout = Timeout.InfiniteTimeSpan };
    private readonly ConcurrentBag<double> _seconds = [];
    private readonly Uri _url;
    private readonly bool _heed;
    private volatile bool _counts;
    private int _answered;
    private int _turnedAway;
    private int _left;
    private int _failed;

    /// <param name="gateway">Where to.</param>
    /// <param name="heed">Whether they wait as long as a refusal says.</param>
    public Clients(Uri gateway, bool heed) => (_url, _heed) = (new Uri(gateway, "/v1/chat/completions"), heed);

    public async Task<Result> RunAsync(int clients, TimeSpan patience, TimeSpan warmUp, TimeSpan length, string key)
    {
        using var over = new CancellationTokenSource();
        var running = Enumerable.Range(0, clients).Select(i => ClientAsync(i, patience, key, over.Token)).ToArray();
        await Task.Delay(warmUp);
        _counts = true;
        var started = Stopwatch.GetTimestamp();
        await Task.Delay(length);
        _counts = false;
        var seconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
        await over.CancelAsync();
        await Task.WhenAll(running);
        var sorted = _seconds.Order().ToArray();
        return new Result(_answered / seconds, Quantile(sorted, 0.5), Quantile(sorted, 0.99), _turnedAway / seconds, _left / seconds, _failed / seconds);
    }

    public void Dispose() => _http.Dispose();

    private static double Quantile(double[] sorted, double q) => sorted.Length == 0 ? double.NaN : sorted[(int)(q * (sorted.Length - 1))];

    private async Task ClientAsync(int number, TimeSpan patience, string key, CancellationToken over)
    {
        var random = new Random(number);
        await Task.Delay(random.Next(500), CancellationToken.None);
        byte[]? body = null;
        while (!over.IsCancellationRequested)
        {
            body ??= Next(random);
            using var leaving = CancellationTokenSource.CreateLinkedTokenSource(over);
            leaving.CancelAfter(patience);
            var started = Stopwatch.GetTimestamp();
            try
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, _url) { Content = new ByteArrayContent(body) };
                request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
                using var answer = await _http.SendAsync(request, leaving.Token);
                await answer.Content.ReadAsByteArrayAsync(leaving.Token);
                body = answer.IsSuccessStatusCode ? null : body;
                await CountAsync(answer, Stopwatch.GetElapsedTime(started), random, over);
            }
            catch (OperationCanceledException)
            {
                Count(ref _left, over);
            }
            catch (HttpRequestException)
            {
                Count(ref _failed, over);
            }
        }
    }

    private async Task CountAsync(HttpResponseMessage answer, TimeSpan took, Random random, CancellationToken over)
    {
        if (answer.IsSuccessStatusCode)
        {
            Count(ref _answered, over);
            if (_counts)
            {
                _seconds.Add(took.TotalSeconds);
            }

            return;
        }

        Count(ref answer.StatusCode == HttpStatusCode.ServiceUnavailable ? ref _turnedAway : ref _failed, over);
        var wait = _heed && answer.Headers.RetryAfter?.Delta is { } said ? said * (1 + (random.NextDouble() / 4)) : TimeSpan.FromMilliseconds(10);
        await Task.Delay(wait, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Count(ref int count, CancellationToken over)
    {
        if (_counts && !over.IsCancellationRequested)
        {
            Interlocked.Increment(ref count);
        }
    }

    /// <summary>A prompt that nobody has sent before.</summary>
    private static byte[] Next(Random random)
    {
        var body = (byte[])Bodies[random.Next(Texts)].Clone();
        Interlocked.Increment(ref _prompts).TryFormat(body.AsSpan(NumberAt), out _, "D12", CultureInfo.InvariantCulture);
        return body;
    }

    private static string Body(Random random)
    {
        var text = new StringBuilder("""{"model":"auto","max_tokens":100,"messages":[{"role":"user","content":"000000000000 """);
        for (var i = 0; i < WordsPerPrompt; i++)
        {
            text.Append(Vocabulary[random.Next(Vocabulary.Length)]).Append(' ');
        }

        return text.Append("""?"}]}""").ToString();
    }
}
