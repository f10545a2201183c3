using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers;

/// <summary>Hands each call to the provider that speaks its upstream's protocol.</summary>
/// <param name="providers">Providers by protocol.</param>
internal sealed class ProtocolChatProvider(IReadOnlyDictionary<string, IChatProvider> providers) : IChatProvider
{
    /// <inheritdoc/>
    public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);

        // A silo may be older than the gateway that decided.
        return providers.TryGetValue(call.Endpoint.Protocol, out var provider)
            ? provider.SendAsync(call, cancellationToken)
            : throw new ChatProviderException(
                ChatFailure.Refused, $"Upstream '{call.Endpoint.Name}' speaks '{call.Endpoint.Protocol}'; this process knows {string.Join(", ", providers.Keys)}.");
    }
}
