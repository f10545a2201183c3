using System.Text;

namespace MetaLlm.FunctionalTests.Operations;

/// <summary>What a client says of its body, and does not send.</summary>
[Collection(Alone.Name)]
public sealed class DeclaredLengthTests
{
    [Fact]
    public async Task A_declared_length_takes_no_memory_before_the_bytes_come()
    {
        const int Connections = 8;
        var configuration = TestConfiguration.Create();
        configuration["MetaLlm"]!["limits"]!["bodyBytes"] = 256 * 1024 * 1024;
        await using var gateway = await RunningGateway.StartAsync(configuration);
        var before = GC.GetTotalAllocatedBytes(precise: true);
        var open = new List<RawConnection>();
        try
        {
            for (var i = 0; i < Connections; i++)
            {
                var connection = await RawConnection.OpenAsync(gateway.Address);
                open.Add(connection);
                await connection.SendAsync(
                    $"POST /v1/route HTTP/1.1\nHost: localhost\nAuthorization: Bearer {TestConfiguration.AlphaKey}\nContent-Type: application/json\nContent-Length: 200000000\nExpect: 100-continue\n\n");

                // Sent when the gateway begins to read the body.
                var line = new byte[25];
                await connection.Stream.ReadExactlyAsync(line);
                Assert.Equal("HTTP/1.1 100 Continue\r\n\r\n", Encoding.ASCII.GetString(line));
            }

            Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 64_000_000);
        }
        finally
        {
            open.ForEach(connection => connection.Dispose());
        }
    }
}
