using System.Globalization;
using System.Text;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>Makes requests strange: in their JSON, their bytes, their headers, their target and their framing. The same seed makes the same ones.</summary>
internal sealed class RequestMutator(int seed)
{
    private static readonly string[] Values =
    [
        "", " ", "\t", "0", "-1", "1e999", "NaN", "99999999999999999999", "\u00ff\u00fe", "größe", "%00", "%ud800", "%2F..%2F", "\"", "'", "{}", "[]", "null", "*", ",,,", ";charset=utf-16",
        "application/json; charset=\"utf-8\"", "text/plain", "gzip", "identity", "Bearer", "Basic YTpi", "bytes=0-", "100-continue", "chunked", "close", "\u0001", "unkeyed:1", "a\0b", new('a', 9000),
    ];

    private static readonly string[] Names =
        ["X-Forwarded-For", "Forwarded", "Content-Encoding", "Transfer-Encoding", "Expect", "Connection", "Upgrade", "Range", "If-None-Match", "Origin", "Cookie", "traceparent", "baggage",
         "x-request-id", "Idempotency-Key", "Content-Type", "Accept", "Authorization", "Host", "", "\u0001", "a b", "x-metallm-task", "x-metallm-allow", "x-metallm-quality", "x-metallm-max-cost-usd"];

    private static readonly string[] Methods =
        ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "get", "\u0001", "", "PRI", new('M', 300)];

    private static readonly string[] Paths =
        ["/", "*", "", "//", "/v1", "/v1/", "/%", "/%00", "/v1/decisions/%00", "/v1/decisions/%ED%A0%80", "/v1/models/%2F", "/v1/models/a/b/c", "/health", "/v1/tenants/%00/warm-start",
         "/v1/tenants/alpha/arms/%ff/quiz", "http://localhost/v1/models", "http://evil/v1/models", "/v1/policy?a=%00", "/scalar", "/v1/feedback/../policy", "/\u00e9"];

    private static readonly string[] Framings =
    [
        "Transfer-Encoding: chunked\r\n\r\n{0}", "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n{0}\r\n0\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n-1\r\n{0}\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\n5;x=\"\r\n{0}\r\n0\r\n\r\n", "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", "Transfer-Encoding: nonsense\r\n\r\n{0}", "Content-Length: 7\r\n\r\n{0}",
        "Content-Length: -1\r\n\r\n{0}", "Content-Length: 99999999999999999999\r\n\r\n{0}", "Content-Length: 65536\r\n\r\n{0}", "Content-Length: 1\r\nContent-Length: 2\r\n\r\n{0}", "\r\n{0}", "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n{0}", "\n{0}", "{0}",
    ];

    private readonly Random _random = new(seed);
    private readonly StrangeJson _json = new(seed, oneIn: 12);

    /// <summary>A request like the one given.</summary>
    /// <param name="request">The one given.</param>
    /// <param name="other">Another one, to take parts from.</param>
    public FuzzRequest Change(FuzzRequest request, FuzzRequest other)
    {
        for (var changes = _random.Next(1, 4); changes > 0; changes--)
        {
            request = _random.Next(24) switch
            {
                < 9 => request with { Body = ChangeJson(request.Body) },
                < 14 => request with { Body = ChangeBytes(request.Body, other.Body) },
                < 19 => request with { Headers = ChangeHeaders(request.Headers, other.Headers) },
                19 => request with { Path = _random.Next(2) == 0 ? Pick(Paths) : ChangeText(request.Path) },
                20 => request with { Path = request.Path + "/" + Pick(Values).Replace(' ', '+') },
                21 => request with { Method = Pick(Methods) },
                22 => request with { Framing = Pick(Framings) },
                _ => request with { Version = Pick(["HTTP/1.0", "HTTP/1.1", "HTTP/2.0", "HTTP/0.9", "", "HTTP/1.1\u0001"]) },
            };
        }

        return request;
    }

    private byte[] ChangeJson(byte[] body)
    {
        try
        {
            return Encoding.UTF8.GetBytes(string.Join('\n', Encoding.UTF8.GetString(body).Split('\n').Select(line => line.Length == 0 ? line : _json.Change(line))));
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // Bytes, or names, that were changed before.
            return ChangeBytes(body, body);
        }
    }

    private byte[] ChangeBytes(byte[] body, byte[] other)
    {
        var at = _random.Next(body.Length + 1);
        var end = _random.Next(at, body.Length + 1);
        return _random.Next(8) switch
        {
            0 => body[..at],
            1 => [.. body[..at], .. body[end..]],
            2 => [.. body[..at], .. body[at..end], .. body[at..end], .. body[end..]],
            3 => [.. body[..at], (byte)_random.Next(256), .. body[at..]],
            4 => [.. body[..at], .. other[_random.Next(other.Length + 1)..]],
            5 => [.. body[..at], .. Encoding.UTF8.GetBytes(Pick(Values)), .. body[at..]],
            6 => [0xEF, 0xBB, 0xBF, .. body],
            _ => Flip(body),
        };
    }

    private byte[] Flip(byte[] body)
    {
        var flipped = body.ToArray();
        for (var i = _random.Next(1, 5); i > 0 && flipped.Length > 0; i--)
        {
            flipped[_random.Next(flipped.Length)] ^= (byte)(1 << _random.Next(8));
        }

        return flipped;
    }

    private List<string> ChangeHeaders(IReadOnlyList<string> headers, IReadOnlyList<string> others)
    {
        var changed = headers.ToList();
        var at = _random.Next(changed.Count + 1);
        switch (_random.Next(5))
        {
            case 0 when changed.Count > 0:
                changed.RemoveAt(_random.Next(changed.Count));
                break;
            case 1 when changed.Count > 0:
                var one = _random.Next(changed.Count);
                changed[one] = changed[one].Split(':')[0] + ": " + Pick(Values);
                break;
            case 2 when changed.Count > 0:
                one = _random.Next(changed.Count);
                changed[one] = ChangeText(changed[one]);
                break;
            case 3 when others.Count > 0:
                changed.Insert(at, others[_random.Next(others.Count)]);
                break;
            default:
                changed.Insert(at, string.Create(CultureInfo.InvariantCulture, $"{Pick(Names)}: {Pick(Values)}"));
                break;
        }

        return changed;
    }

    private string ChangeText(string text) => Encoding.Latin1.GetString(ChangeBytes(Encoding.Latin1.GetBytes(text), Encoding.Latin1.GetBytes(text)));

    private string Pick(string[] from) => from[_random.Next(from.Length)];
}
