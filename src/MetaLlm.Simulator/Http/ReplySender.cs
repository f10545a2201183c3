using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>Sends a planned completion at its model's pace, as one body or as a stream, with the fault that was drawn.</summary>
internal sealed class ReplySender(World world)
{
    private const int TokensPerChunk = 4;

    /// <returns>What was sent, in completion tokens, and whether the client got all of it.</returns>
    public async Task<SentReply> SendAsync(HttpContext context, ChatRequest request, Completion completion, FaultRule? fault, CancellationToken cancellationToken)
    {
        var pacer = new Pacer(world.Options.TimeProvider, world.Options.TimeScale);
        if (fault?.Kind == FaultKind.SlowFirstToken)
            await pacer.WaitAsync(fault.Delay, cancellationToken);
        await pacer.PassAsync(completion.Model.TimeToFirstToken, cancellationToken);
        return request.Stream
            ? await StreamAsync(context, request, completion, fault?.Kind, pacer, cancellationToken)
            : await SendWholeAsync(context, completion, fault?.Kind, pacer, cancellationToken);
    }

    private static async Task<SentReply> SendWholeAsync(HttpContext context, Completion completion, FaultKind? fault, Pacer pacer, CancellationToken cancellationToken)
    {
        await pacer.PassAsync(TimeFor(completion.Model, completion.Usage.CompletionTokens), cancellationToken);
        var body = CompletionJson.Body(completion);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        switch (fault)
        {
            case FaultKind.CutStream:
                await context.Response.Body.WriteAsync(body.AsMemory(0, body.Length / 2), cancellationToken);
                return new SentReply(completion.Usage.CompletionTokens, Complete: false);
            case FaultKind.MalformedJson or FaultKind.GarbageLine:
                var broken = fault == FaultKind.MalformedJson ? body[..(body.Length / 2)] : ServerSentEvents.Garbage;
                context.Response.ContentLength = broken.Length;
                await context.Response.Body.WriteAsync(broken, cancellationToken);
                return new SentReply(completion.Usage.CompletionTokens, Complete: false);
            default:
                await context.Response.Body.WriteAsync(body, cancellationToken);
                return new SentReply(completion.Usage.CompletionTokens, Complete: true);
        }
    }

    private static async Task<SentReply> StreamAsync(
        HttpContext context, ChatRequest request, Completion completion, FaultKind? fault, Pacer pacer, CancellationToken cancellationToken)
    {
        var events = new ServerSentEvents(context.Response);
        var pieces = TokenCounter.Split(completion.Text, TokensPerChunk).ToArray();
        var sent = new SentReply(0, Complete: false);
        try
        {
            await events.SendAsync(CompletionJson.Opening(completion, request.IncludeUsage), cancellationToken);
            for (var i = 0; i < pieces.Length; i++)
            {
                if (i == pieces.Length / 2 && fault == FaultKind.CutStream)
                    return sent;

                if (i == pieces.Length / 2 && fault == FaultKind.GarbageLine)
                    await events.SendRawAsync(ServerSentEvents.Garbage, cancellationToken);

                var tokens = TokenCounter.Count(pieces[i]);
                await pacer.PassAsync(TimeFor(completion.Model, tokens), cancellationToken);
                var chunk = CompletionJson.Delta(completion, request.IncludeUsage, pieces[i]);
                await events.SendAsync(i == pieces.Length / 2 && fault == FaultKind.MalformedJson ? chunk.AsMemory(0, chunk.Length / 2) : chunk, cancellationToken);
                sent = sent with { CompletionTokens = sent.CompletionTokens + tokens };
            }

            await events.SendAsync(CompletionJson.Finish(completion, request.IncludeUsage), cancellationToken);
            if (request.IncludeUsage)
                await events.SendAsync(CompletionJson.Usage(completion), cancellationToken);
            await events.SendAsync(ServerSentEvents.Done, cancellationToken);
            return sent with { Complete = true };
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The client has gone away, or the simulator stops: what was sent is billed all the same.
            return sent;
        }
    }

    private static TimeSpan TimeFor(SimulatedModel model, int tokens) => TimeSpan.FromSeconds(tokens / model.TokensPerSecond);
}
