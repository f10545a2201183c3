using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Calls models by way of this silo's workers, which hand the live answer over: nothing of it goes through messages.</summary>
/// <param name="grains">The cluster.</param>
/// <param name="handOff">This process's table.</param>
/// <param name="elsewhere">For a call that reached a worker in another process.</param>
internal sealed class LocalGrainChatProvider(IGrainFactory grains, CallHandOff handOff, RemoteGrainChatProvider elsewhere) : IChatProvider
{
    private readonly IProviderCallWorkerGrain _worker = grains.GetGrain<IProviderCallWorkerGrain>(0);

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        var ticket = handOff.Open(call, cancellationToken);
        ChatResponse? answer = null;
        try
        {
            if (await _worker.HandOverAsync(ticket.Number))
                answer = handOff.Close(ticket);
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
                await unused.DisposeAsync();
        }

        return answer ?? await elsewhere.SendAsync(call, cancellationToken);
    }
}
