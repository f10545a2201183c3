using System.Net.Sockets;
using System.Text;

namespace MetaLlm.FunctionalTests.Support;

/// <summary>A connection on which a test says every byte itself.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient _client = new();

    private RawConnection()
    {
    }

    public NetworkStream Stream => _client.GetStream();

    public static async Task<RawConnection> OpenAsync(Uri address)
    {
        var connection = new RawConnection();
        await connection._client.ConnectAsync(IPAddress.Loopback, address.Port);
        return connection;
    }

    /// <summary>Sends a request that asks for the end of the connection, and reads up to it. Lines of the text end as HTTP wants.</summary>
    public static async Task<string> AskAsync(Uri address, string request)
    {
        using var connection = await OpenAsync(address);
        await connection.SendAsync(request);
        using var reader = new StreamReader(connection.Stream, Encoding.UTF8);
        return await reader.ReadToEndAsync();
    }

    public Task SendAsync(string text) => Stream.WriteAsync(Encoding.UTF8.GetBytes(text.ReplaceLineEndings("\r\n"))).AsTask();

    public void Dispose() => _client.Dispose();
}
