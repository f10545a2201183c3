using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Calls models by way of workers in another process, which send the answer part by part.</summary>
/// <remarks>The upstream's key travels with the call: connections between clients and silos are to be trusted as those to upstreams are.</remarks>
/// <param name="grains">The cluster.</param>
internal sealed class RemoteGrainChatProvider(IGrainFactory grains) : IChatProvider
{
    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        return await RemoteAnswer.BeginAsync(grains.GetGrain<IRemoteCallGrain>(Guid.NewGuid()), call, cancellationToken).ConfigureAwait(false);
    }
}
