using MetaLlm.Engine.Ports;
using MetaLlm.Providers.ChatClients;
using MetaLlm.Providers.Credentials;
using MetaLlm.Providers.Dialects;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers;

/// <summary>Hands each call to the provider that speaks its upstream's protocol.</summary>
/// <param name="dialects">What upstreams over HTTP speak.</param>
/// <param name="clients">What the application brings.</param>
/// <param name="pools">Connection pools.</param>
/// <param name="cures">What models took only after a change.</param>
/// <param name="authorizer">Shows upstreams who calls.</param>
/// <param name="metrics">Counts.</param>
/// <param name="time">The clock of every limit.</param>
internal sealed class ProtocolChatProvider(
    IEnumerable<IChatDialect> dialects, ChatClientProvider clients, UpstreamHttpClients pools, CureBook cures, UpstreamAuthorizer authorizer, ProviderMetrics metrics, TimeProvider time)
    : IChatProvider
{
    private readonly Dictionary<string, IChatProvider> _providers = new(
        dialects.Select(dialect => KeyValuePair.Create<string, IChatProvider>(dialect.Protocol, new HttpChatProvider(dialect, pools, cures, authorizer, metrics, time)))
            .Append(new(UpstreamEndpoint.ChatClient, clients)),
        StringComparer.Ordinal);

    /// <inheritdoc/>
    public ValueTask<ChatResponse> SendAsync(ChatCall call, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(call);
        if (!call.Endpoint.Takes(call.Kind))
        {
            throw new ChatProviderException(ChatFailure.Objected, $"Upstream '{call.Endpoint.Name}' speaks '{call.Endpoint.Protocol}', which has no {call.Kind} calls.");
        }

        call = PromptText.Add(call);

        // A silo may be older than the gateway that decided.
        return _providers.TryGetValue(call.Endpoint.Protocol, out var provider)
            ? provider.SendAsync(call, cancellationToken)
            : throw new ChatProviderException(
                ChatFailure.Refused, $"Upstream '{call.Endpoint.Name}' speaks '{call.Endpoint.Protocol}'; this process knows {string.Join(", ", _providers.Keys)}.");
    }
}
