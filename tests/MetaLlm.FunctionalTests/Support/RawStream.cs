using System.Net.Sockets;
using System.Text;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>A streamed call over a bare socket, whose end shows as it is: in good order, or by a reset.</summary>
internal static class RawStream
{
    /// <summary>Makes a call and reads all that comes.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="body">The request.</param>
    /// <param name="pause">Between two reads of 16 KiB.</param>
    /// <returns>The response with headers and chunk sizes.</returns>
    /// <exception cref="SocketException">The connection was reset.</exception>
    public static async Task<string> ReadAsync(RunningGateway gateway, object body, TimeSpan pause)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 8192 };
        await socket.ConnectAsync(gateway.Address.Host, gateway.Address.Port);
        var json = JsonSerializer.Serialize(body);
        await socket.SendAsync(Encoding.ASCII.GetBytes(
            $"POST /v1/chat/completions HTTP/1.1\r\nHost: {gateway.Address.Authority}\r\nAuthorization: Bearer {TestConfiguration.AlphaKey}\r\n"
            + $"Content-Type: application/json\r\nContent-Length: {json.Length}\r\nConnection: close\r\n\r\n{json}"));
        var (text, buffer) = (new StringBuilder(), new byte[16 * 1024]);
        while (await socket.ReceiveAsync(buffer) is > 0 and var read)
        {
            text.Append(Encoding.ASCII.GetString(buffer, 0, read));
            await Task.Delay(pause);
        }

        return text.ToString();
    }
}
