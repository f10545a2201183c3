using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Concurrency;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Calls models with the silo's own provider. It keeps nothing, so that many calls may wait for their upstreams at once.</summary>
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
}
