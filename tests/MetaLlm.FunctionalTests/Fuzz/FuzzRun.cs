using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>
/// Fuzzes a gateway over many connections. A changed request whose answer is of a kind not seen before, by endpoint, status and error code, joins those that further ones
/// are made from, so that the run works its way to what is rare.
/// </summary>
internal sealed partial class FuzzRun(int port, int seed)
{
    private const int Connections = 24;
    private const int MostRequests = 512;

    private readonly Lock _lock = new();
    private readonly List<FuzzRequest> _corpus = [.. FuzzSeeds.All];
    private readonly List<string> _decisions = ["dec-1"];
    private int _left;

    /// <summary>How often which kind of answer came.</summary>
    public ConcurrentDictionary<string, int> Signatures { get; } = new(StringComparer.Ordinal);

    /// <summary>Answers that say the gateway failed, each with its request.</summary>
    public ConcurrentQueue<string> Failures { get; } = new();

    public async Task SendAsync(int requests)
    {
        _left = requests;
        await Task.WhenAll(Enumerable.Range(0, Connections).Select(worker => Task.Run(() => WorkAsync(worker))));
    }

    [GeneratedRegex("\"code\":\"([a-z_]+)\"")]
    private static partial Regex Code();

    [GeneratedRegex("x-metallm-decision-id: ([^\r]+)", RegexOptions.IgnoreCase)]
    private static partial Regex Decision();

    private async Task WorkAsync(int worker)
    {
        var random = new Random((seed * Connections) + worker);
        var mutator = new RequestMutator((seed * Connections) + worker);
        using var connection = new FuzzConnection(port);
        while (Interlocked.Decrement(ref _left) >= 0)
        {
            FuzzRequest from, other;
            string decision;
            lock (_lock)
            {
                // Half of them from sound requests: what has many faults is refused for the first, and says nothing of the others.
                from = random.Next(2) == 0 ? FuzzSeeds.All[random.Next(FuzzSeeds.All.Count)] : _corpus[random.Next(_corpus.Count)];
                other = _corpus[random.Next(_corpus.Count)];
                decision = _decisions[random.Next(_decisions.Count)];
            }

            var changed = random.Next(10) == 0 ? from : mutator.Change(from, other);
            var (status, text) = await connection.SendAsync(Name(changed, decision));
            Note(changed, status, text);
        }
    }

    private void Note(FuzzRequest request, int status, string text)
    {
        var code = Code().Match(text).Groups[1].Value;
        var signature = string.Create(CultureInfo.InvariantCulture, $"{request.Endpoint} {status} {code}");
        var isNew = Signatures.AddOrUpdate(signature, 1, (_, count) => count + 1) == 1;

        // A version of HTTP that the server does not speak is the client's affair, whatever the number says.
        if (status >= 500 && status != 505)
        {
            Failures.Enqueue($"{status} {code} for {Encoding.Latin1.GetString(request.ToBytes())}");
        }

        lock (_lock)
        {
            if (isNew && request.IsFramed && _corpus.Count < MostRequests)
            {
                _corpus.Add(request);
            }

            if (Decision().Match(text) is { Success: true } decided)
            {
                if (_decisions.Count < 256)
                {
                    _decisions.Add(decided.Groups[1].Value);
                }
                else
                {
                    _decisions[status % 2 == 0 ? text.Length % 256 : 0] = decided.Groups[1].Value;
                }
            }
        }
    }

    private static FuzzRequest Name(FuzzRequest request, string decision)
    {
        var body = request.Body.AsSpan().IndexOf("{id}"u8) < 0
            ? request.Body
            : Encoding.Latin1.GetBytes(Encoding.Latin1.GetString(request.Body).Replace("{id}", decision, StringComparison.Ordinal));
        return request with { Path = request.Path.Replace("{id}", decision, StringComparison.Ordinal), Body = body };
    }
}
