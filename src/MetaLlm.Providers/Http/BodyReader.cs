using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Http;

/// <summary>Reads whole bodies, as far as they may go.</summary>
internal static class BodyReader
{
    private const int FirstBytes = 16 * 1024;

    /// <summary>Reads a body to its end.</summary>
    /// <param name="response">The response.</param>
    /// <param name="mostBytes">Longest body.</param>
    /// <param name="timer">Limits each read.</param>
    /// <returns>The body; null when it is longer.</returns>
    public static async ValueTask<ReadOnlyMemory<byte>?> ReadAsync(HttpResponseMessage response, int mostBytes, CallTimer timer)
    {
        // The header is a promise of the upstream: no more is set aside for it than an ordinary answer takes.
        var announced = response.Content.Headers.ContentLength ?? 0;
        if (announced > mostBytes)
        {
            return null;
        }

        var body = await response.Content.ReadAsStreamAsync(timer.Token).ConfigureAwait(false);
        var buffer = new byte[Math.Clamp(announced + 1, 1, 64 * FirstBytes)];
        var length = 0;
        while (true)
        {
            timer.Plain();
            var read = await body.ReadAsync(buffer.AsMemory(length), timer.Token).ConfigureAwait(false);
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            length += read;
            if (length > mostBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Max(FirstBytes, buffer.Length * 2));
            }
        }
    }

    /// <summary>Reads an answer to its end.</summary>
    /// <exception cref="ChatProviderException">It is too long.</exception>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAnswerAsync(HttpResponseMessage response, int mostBytes, CallTimer timer) =>
        await ReadAsync(response, mostBytes, timer).ConfigureAwait(false)
            ?? throw new ChatProviderException(ChatFailure.BadAnswer, $"The answer is longer than {mostBytes} bytes.");
}
