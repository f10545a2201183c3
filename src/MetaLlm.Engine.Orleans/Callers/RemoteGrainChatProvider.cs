using MetaLlm.Engine.Orleans.Contracts;
using MetaLlm.Engine.Orleans.Grains;
using MetaLlm.Engine.Orleans.Hosting;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Calls models by way of workers in another process, which send the answer part by part.</summary>
/// <remarks>The upstream's key travels with the call: connections between clients and silos are to be trusted as those to upstreams are.</remarks>
/// <param name="grains">The cluster.</param>
/// <param name="readers">What silos understand.</param>
internal sealed class RemoteGrainChatProvider(IGrainFactory grains, JournalReaders readers) : IChatProvider
{
    private const int Attempts = 12;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <inheritdoc/>
    public async ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        cancellationToken.ThrowIfCancellationRequested();
        if (call.Kind == CallKind.Completions)
        {
            readers.ThrowUnlessAllRead(JournalReaders.CompletionsCall);
        }

        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await RemoteAnswer.BeginAsync(grains.GetGrain<IRemoteCallGrain>(Guid.NewGuid()), call, cancellationToken).ConfigureAwait(false);
            }
            catch (ChatProviderException e) when (e.InnerException is SiloDrainingException && attempt < Attempts)
            {
                // Another worker is on another silo, as likely as not.
                await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
