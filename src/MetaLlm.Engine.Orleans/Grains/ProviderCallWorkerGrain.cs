using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Calls models with the silo's own provider. It keeps nothing, so that many calls may wait for their upstreams at once.</summary>
/// <remarks>One for each key: a cancellation is a message of its own, and among several it would reach one that does not run the call.</remarks>
[GrainType("metallm.provider-call-worker")]
[StatelessWorker(1), Reentrant]
internal sealed class ProviderCallWorkerGrain([FromKeyedServices(LocalServices.Key)] IChatProvider provider, CallHandOff handOff)
    : Grain, IProviderCallWorkerGrain
{
    /// <inheritdoc/>
    public async ValueTask<bool> HandOverAsync(long ticket)
    {
        if (!handOff.TryFind(ticket, out var call))
        {
            return false;
        }

        // The caller's own token, since it is in this process.
        var answer = await provider.SendAsync(call.Call, call.CancellationToken);
        if (!call.TryGive(answer))
        {
            await answer.DisposeAsync();
        }

        return true;
    }

    /// <inheritdoc/>
    public async Task SendAsync(ChatCall call, IAnswerReader reader, CancellationToken cancellationToken)
    {
        // Whatever ends this method, the reader's silence included, lets go of the upstream.
        await using var answer = await provider.SendAsync(call, cancellationToken);
        var head = new AnswerHead(
            answer.Status,
            answer.ContentType,
            [.. answer.Headers.Select(header => header.Key)],
            [.. answer.Headers.Select(header => header.Value)]);
        if (!await reader.BegunAsync(head).WaitAsync(cancellationToken))
        {
            return;
        }

        await foreach (var part in answer.Parts.WithCancellation(cancellationToken))
        {
            // Waiting for the reader holds the upstream back as a slow client would.
            if (!await reader.PartAsync(AnswerPart.From(part)).WaitAsync(cancellationToken))
            {
                return;
            }
        }
    }
}
