using MetaLlm.Simulator.Faults;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.Simulator.Http;

/// <summary>
/// Sends a planned completion at its model's pace, as one body or as a stream, with the fault that was drawn. It is billed
/// before the client can have seen its end, so that whoever has a reply finds it in the stats.
/// </summary>
internal sealed class ReplySender(SimulatorState world)
{
    private const int TokensPerChunk = 4;

    /// <exception cref="ConnectionCutException">The fault was to cut the connection, and this is the place.</exception>
    public async Task SendAsync(HttpContext context, ChatRequest request, Completion completion, FaultRule? fault, CancellationToken cancellationToken)
    {
        var pacer = new Pacer(world.Options.TimeProvider, world.Options.TimeScale);
        if (fault?.Kind == FaultKind.SlowFirstToken)
        {
            await pacer.WaitAsync(fault.Delay, cancellationToken);
        }

        await pacer.PassAsync(completion.Model.TimeToFirstToken, cancellationToken);
        if (request.Stream)
        {
            await StreamAsync(context, request, completion, fault?.Kind, pacer, cancellationToken);
        }
        else
        {
            await SendWholeAsync(context, completion, fault?.Kind, pacer, cancellationToken);
        }
    }

    private async Task SendWholeAsync(HttpContext context, Completion completion, FaultKind? fault, Pacer pacer, CancellationToken cancellationToken)
    {
        await pacer.PassAsync(TimeFor(completion.Model, completion.Usage.CompletionTokens), cancellationToken);
        var body = CompletionJson.Body(completion);
        var sent = fault switch
        {
            FaultKind.CutStream or FaultKind.MalformedJson => body.AsMemory(0, body.Length / 2),
            FaultKind.GarbageLine => ServerSentEvents.Garbage,
            _ => body,
        };
        Bill(completion, completion.Usage.CompletionTokens, complete: fault is null or FaultKind.SlowFirstToken);

        // A cut body is shorter than it promised to be; a malformed one keeps its promise.
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = fault == FaultKind.CutStream ? body.Length : sent.Length;
        await context.Response.Body.WriteAsync(sent, cancellationToken);
        if (fault == FaultKind.CutStream)
        {
            throw new ConnectionCutException();
        }
    }

    private async Task StreamAsync(
        HttpContext context, ChatRequest request, Completion completion, FaultKind? fault, Pacer pacer, CancellationToken cancellationToken)
    {
        var events = new ServerSentEvents(context.Response);
        var pieces = TokenCounter.Split(completion.Text, TokensPerChunk).ToArray();
        var (sentTokens, complete) = (0, false);
        try
        {
            if (!completion.IsText)
            {
                await events.SendAsync(CompletionJson.Opening(completion, request.IncludeUsage), cancellationToken);
            }

            for (var i = 0; i < pieces.Length; i++)
            {
                var strikes = i == pieces.Length / 2;
                if (strikes && fault == FaultKind.CutStream)
                {
                    throw new ConnectionCutException();
                }

                if (strikes && fault == FaultKind.GarbageLine)
                {
                    await events.SendRawAsync(ServerSentEvents.Garbage, cancellationToken);
                }

                var tokens = TokenCounter.Count(pieces[i]);
                await pacer.PassAsync(TimeFor(completion.Model, tokens), cancellationToken);
                var chunk = CompletionJson.Delta(completion, request.IncludeUsage, pieces[i]);
                await events.SendAsync(strikes && fault == FaultKind.MalformedJson ? chunk.AsMemory(0, chunk.Length / 2) : chunk, cancellationToken);
                sentTokens += tokens;
            }

            await events.SendAsync(CompletionJson.Finish(completion, request.IncludeUsage), cancellationToken);
            if (request.IncludeUsage)
            {
                await events.SendAsync(CompletionJson.Usage(completion), cancellationToken);
            }

            complete = true;
        }
        finally
        {
            // Also where the client has gone away or the simulator stops: what was sent is billed all the same.
            Bill(completion, sentTokens, complete);
        }

        await events.SendAsync(ServerSentEvents.Done, cancellationToken);
    }

    private void Bill(Completion completion, int completionTokens, bool complete) =>
        world.Stats.Bill(completion.Model, completion.Usage with { CompletionTokens = completionTokens }, complete);

    private static TimeSpan TimeFor(SimulatedModel model, int tokens) => TimeSpan.FromSeconds(tokens / model.TokensPerSecond);
}
