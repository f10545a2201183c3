using System.Buffers;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>Sends texts to an address of the configuration, and reads what it says of them: for guardrails, and for judges.</summary>
internal static class GuardrailWebhook
{
    /// <summary>Connections to addresses; the caller disposes them.</summary>
    /// <param name="longestReply">Most bytes of a reply.</param>
    public static HttpClient Connect(int longestReply) => new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, AutomaticDecompression = DecompressionMethods.None, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
    {
        MaxResponseContentBufferSize = longestReply,
        Timeout = Timeout.InfiniteTimeSpan,
    };

    /// <summary>Asks.</summary>
    /// <param name="client">Makes the call.</param>
    /// <param name="address">Where to, with which key.</param>
    /// <param name="write">Writes the members of what it is sent.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>The reply.</returns>
    /// <exception cref="HttpRequestException">It cannot be asked.</exception>
    /// <exception cref="InvalidDataException">It answers with a status that is no success.</exception>
    public static async Task<byte[]> AskAsync(HttpClient client, GuardrailSettings address, Action<Utf8JsonWriter> write, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address.Address) { Content = Body(write) };
        if (address.Key is { } key)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        }

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellationToken).ConfigureAwait(false);
        return response.IsSuccessStatusCode
            ? await response.Content.ReadAsByteArrayAsync(cancellationToken).ConfigureAwait(false)
            : throw new InvalidDataException($"The webhook answered with status {(int)response.StatusCode}.");
    }

    /// <summary>Writes the member <c>texts</c>.</summary>
    public static void WriteTexts(Utf8JsonWriter writer, IReadOnlyList<GuardedText> texts)
    {
        writer.WriteStartArray("texts");
        foreach (var text in texts)
        {
            writer.WriteStartObject();
            writer.WriteString("role", text.Role);
            writer.WriteString("kind", text.Kind);
            writer.WriteString("text", text.Text);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static ReadOnlyMemoryContent Body(Action<Utf8JsonWriter> write)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var writer = ChatWriter.Open(body))
        {
            writer.WriteStartObject();
            write(writer);
            writer.WriteEndObject();
        }

        return new ReadOnlyMemoryContent(body.WrittenMemory) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
