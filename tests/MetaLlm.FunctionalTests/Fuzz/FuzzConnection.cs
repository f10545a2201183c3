using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

namespace MetaLlm.FunctionalTests.Fuzz;

/// <summary>Sends requests as they are and reads what comes back, on one connection for as long as the server keeps it.</summary>
internal sealed partial class FuzzConnection(int port) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly byte[] _buffer = new byte[64 * 1024];
    private TcpClient? _client;

    /// <summary>Status and text of the answer; status 0 when the server closed without one, which it may do with what is no HTTP.</summary>
    public async Task<(int Status, string Text)> SendAsync(FuzzRequest request)
    {
        using var patience = new CancellationTokenSource(Patience);
        for (var fresh = false; ; fresh = true)
        {
            fresh |= _client is null;
            _client ??= await ConnectAsync(patience.Token);
            try
            {
                var answer = await AskAsync(request, patience.Token);

                // A connection that was kept may have been closed meanwhile.
                if (answer.Status != 0 || fresh)
                {
                    return answer;
                }
            }
            catch (Exception e) when (e is IOException or SocketException && !fresh)
            {
            }
            catch (Exception e) when (e is IOException or SocketException)
            {
                Dispose();
                return (0, "");
            }
            catch (OperationCanceledException)
            {
                throw new TimeoutException($"There was no answer within {Patience.TotalSeconds} s to {Encoding.Latin1.GetString(request.ToBytes())}");
            }

            Dispose();
        }
    }

    public void Dispose()
    {
        _client?.Dispose();
        _client = null;
    }

    [GeneratedRegex(@"^HTTP/1\.1 (\d{3})")]
    private static partial Regex StatusLine();

    [GeneratedRegex(@"^content-length: (\d+)\r?$", RegexOptions.IgnoreCase | RegexOptions.Multiline)]
    private static partial Regex ContentLength();

    private async Task<TcpClient> ConnectAsync(CancellationToken cancellationToken)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, port, cancellationToken);
        return client;
    }

    private async Task<(int Status, string Text)> AskAsync(FuzzRequest request, CancellationToken cancellationToken)
    {
        var stream = _client!.GetStream();
        await stream.WriteAsync(request.ToBytes(), cancellationToken);
        var isWhole = request is { IsFramed: true, Method: "GET" or "POST" };
        if (!isWhole)
        {
            // Otherwise the server would wait for the rest of a request that has none.
            _client.Client.Shutdown(SocketShutdown.Send);
        }

        var text = new StringBuilder();
        while (true)
        {
            var count = await stream.ReadAsync(_buffer, cancellationToken);
            text.Append(Encoding.Latin1.GetString(_buffer, 0, count));
            if (count == 0 || (isWhole && IsComplete(text.ToString())))
            {
                var answer = text.ToString();
                if (count == 0 || answer.Contains("Connection: close", StringComparison.OrdinalIgnoreCase))
                {
                    Dispose();
                }

                return (StatusLine().Match(answer) is { Success: true } line ? int.Parse(line.Groups[1].Value, CultureInfo.InvariantCulture) : 0, answer);
            }
        }
    }

    private static bool IsComplete(string answer)
    {
        var end = answer.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        if (end < 0 || answer.StartsWith("HTTP/1.1 100", StringComparison.Ordinal))
        {
            return false;
        }

        var head = answer[..(end + 2)];
        return ContentLength().Match(head) is { Success: true } length ? answer.Length >= end + 4 + int.Parse(length.Groups[1].Value, CultureInfo.InvariantCulture)
            : head.Contains("Transfer-Encoding: chunked", StringComparison.OrdinalIgnoreCase) ? answer.EndsWith("\r\n0\r\n\r\n", StringComparison.Ordinal)
            : head.StartsWith("HTTP/1.1 204", StringComparison.Ordinal);
    }
}
