using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Calls models by way of this silo's workers, which hand the live answer over: nothing of it goes through messages.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="handOff">This process's table.</param>
/// <param name="elsewhere">For a call that reached a worker in another process.</param>
/// <param name="options">How many workers to spread calls among.</param>
internal sealed class LocalGrainChatProvider(
    IGrainFactory grains, CallHandOff handOff, RemoteGrainChatProvider elsewhere, IOptions<OrleansEngineOptions> options) : IChatProvider
{
    private readonly IProviderCallWorkerGrain[] _workers =
        [.. Enumerable.Range(0, options.Value.ProviderCallWorkers).Select(key => grains.GetGrain<IProviderCallWorkerGrain>(key))];

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        var ticket = handOff.Open(call, cancellationToken);
        ChatResponse? answer = null;
        try
        {
            if (await _workers[ticket.Number % _workers.Length].HandOverAsync(ticket.Number).ConfigureAwait(false))
            {
                answer = handOff.Close(ticket);
            }
        }
        catch (OperationCanceledException)
        {
            // The worker's error names a token of its own making.
            cancellationToken.ThrowIfCancellationRequested();
            throw;
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.BeforeAnswer(error);
        }
        finally
        {
            // Where the worker's word was lost on its way, its answer may be here all the same.
            if (answer is null && handOff.Close(ticket) is { } unused)
            {
                await unused.DisposeAsync().ConfigureAwait(false);
            }
        }

        return answer ?? await elsewhere.SendAsync(call, cancellationToken).ConfigureAwait(false);
    }
}
