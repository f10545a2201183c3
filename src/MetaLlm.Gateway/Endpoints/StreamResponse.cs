using System.Buffers;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Surfaces;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace MetaLlm.Gateway.Endpoints;

/// <summary>
/// A response of server-sent events. While nothing else is sent the client gets a sign of life now and then, also before a model has answered: the
/// response then begins with status 200, and what goes wrong later is told in an event.
/// </summary>
/// <param name="context">The request. One caller at a time.</param>
/// <param name="translator">Translates the answer; null where chat completions are what the client gets.</param>
/// <param name="keepAlive">Longest time without a byte; zero to send no signs of life.</param>
/// <param name="time">Measures it.</param>
internal sealed class StreamResponse(HttpContext context, IAnswerTranslator? translator, TimeSpan keepAlive, TimeProvider time)
{
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();
    private ArrayBufferWriter<byte>? _output;

    /// <summary>Whether the client has something of it, so that what fails now can only be told in an event.</summary>
    public bool HasBegun => context.Response.HasStarted;

    /// <summary>Waits for a call to begin.</summary>
    /// <param name="answering">The call.</param>
    /// <param name="decision">What was decided, once it is: until then an error may have a status of its own.</param>
    public Task<RoutedCall> WaitAsync(Task<RoutedCall> answering, Func<DecisionRecord?> decision) => KeepAsync(answering, () =>
    {
        if (!context.Response.HasStarted && decision() is { } made)
        {
            context.Response.StatusCode = StatusCodes.Status200OK;
            context.Response.ContentType = "text/event-stream";
            DecisionHeaders.Write(context.Response, made);
            Prepare();
        }

        return decision() is not null;
    });

    /// <summary>Writes an answer as it comes.</summary>
    /// <param name="call">The call.</param>
    /// <param name="pieces">Its answer, piece by piece.</param>
    public async Task WriteAsync(RoutedCall call, IAsyncEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        if (!context.Response.HasStarted)
        {
            Prepare();
        }

        var parts = pieces.GetAsyncEnumerator(context.RequestAborted);
        await using var partsEnd = parts.ConfigureAwait(false);
        while (await NextAsync(parts).ConfigureAwait(false))
        {
            if (translator is null)
            {
                await SendAsync(parts.Current).ConfigureAwait(false);
            }
            else
            {
                await TranslateAsync(call, parts.Current, translator).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Tells of an error in a stream that has begun. After it the stream ends in good order, without the mark that ends a whole answer.</summary>
    public async Task WriteErrorAsync(ApiError error)
    {
        if (translator is null)
        {
            await WriteErrorAsync(error.ToJson()).ConfigureAwait(false);
            return;
        }

        var output = new ArrayBufferWriter<byte>();
        translator.Error(error, output);
        await SendAsync(output.WrittenMemory).ConfigureAwait(false);
    }

    /// <summary>Tells of what a model said, in its very words.</summary>
    /// <param name="objection">What it said.</param>
    public Task WriteErrorAsync(UpstreamObjection objection) =>
        translator is null ? WriteErrorAsync(objection.Body) : WriteErrorAsync(ObjectionText.ToError(objection));

    private async Task WriteErrorAsync(ReadOnlyMemory<byte> json)
    {
        // Line ends stand between tokens of JSON alone; in an event each would begin another line. All else stays as an upstream wrote it.
        var line = json.ToArray();
        line.AsSpan().Replace((byte)'\n', (byte)' ');
        line.AsSpan().Replace((byte)'\r', (byte)' ');
        var output = new ArrayBufferWriter<byte>();
        output.Write("data: "u8);
        output.Write(line);
        output.Write("\n\n"u8);
        await SendAsync(output.WrittenMemory).ConfigureAwait(false);
    }

    private async ValueTask TranslateAsync(RoutedCall call, ReadOnlyMemory<byte> part, IAnswerTranslator to)
    {
        var output = _output ??= new ArrayBufferWriter<byte>(1024);
        output.ResetWrittenCount();
        to.Part(call, part, output);
        await to.KeepAsync(context.RequestAborted).ConfigureAwait(false);
        if (output.WrittenCount > 0)
        {
            await SendAsync(output.WrittenMemory).ConfigureAwait(false);
        }
    }

    private ValueTask<bool> NextAsync(IAsyncEnumerator<ReadOnlyMemory<byte>> parts)
    {
        var next = parts.MoveNextAsync();
        return next.IsCompleted ? next : new ValueTask<bool>(KeepAsync(next.AsTask(), static () => true));
    }

    /// <param name="work">What is waited for; it ends when the client leaves.</param>
    /// <param name="mayBeat">Says whether a comment may be sent, and makes ready for it.</param>
    private async Task<T> KeepAsync<T>(Task<T> work, Func<bool> mayBeat)
    {
        while (keepAlive > TimeSpan.Zero && !work.IsCompleted && !context.RequestAborted.IsCancellationRequested)
        {
            try
            {
                return await work.WaitAsync(keepAlive, time).ConfigureAwait(false);
            }
            catch (TimeoutException) when (!work.IsCompleted)
            {
                if (mayBeat())
                {
                    await BeatAsync().ConfigureAwait(false);
                }
            }
        }

        return await work.ConfigureAwait(false);
    }

    private async Task BeatAsync()
    {
        try
        {
            await SendAsync(translator?.KeepAlive ?? Comment).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone, which ends what is waited for.
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await context.Response.Body.WriteAsync(bytes, context.RequestAborted).ConfigureAwait(false);
        await context.Response.Body.FlushAsync(context.RequestAborted).ConfigureAwait(false);
    }

    private void Prepare()
    {
        // Whoever fails after this tells the client by it.
        context.Features.Set(this);
        context.Response.Headers.CacheControl = "no-cache";

        // nginx holds back what it passes on unless it is told not to.
        context.Response.Headers["X-Accel-Buffering"] = "no";
        context.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
    }
}
