using System.Text;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>Writes server-sent events, each flushed at once.</summary>
internal sealed class ServerSentEvents
{
    private static readonly byte[] Prefix = Encoding.ASCII.GetBytes("data: ");
    private static readonly byte[] Suffix = Encoding.ASCII.GetBytes("\n\n");

    private readonly HttpResponse _response;

    public ServerSentEvents(HttpResponse response)
    {
        _response = response;
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache";
    }

    /// <summary>The payload that ends a stream.</summary>
    public static ReadOnlyMemory<byte> Done { get; } = Encoding.ASCII.GetBytes("[DONE]");

    /// <summary>A line that a confused proxy might put into a body.</summary>
    public static byte[] Garbage { get; } = Encoding.ASCII.GetBytes("<<< simulated proxy noise, neither event nor JSON >>>\n");

    public async Task SendAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        await _response.Body.WriteAsync(Prefix, cancellationToken);
        await _response.Body.WriteAsync(payload, cancellationToken);
        await SendRawAsync(Suffix, cancellationToken);
    }

    public async Task SendRawAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        await _response.Body.WriteAsync(bytes, cancellationToken);
        await _response.Body.FlushAsync(cancellationToken);
    }
}
