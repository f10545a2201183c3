using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Providers.Credentials;

/// <summary>
/// Tokens of Entra ID. They come from the <see cref="TokenCredential"/> that the application has registered under the upstream's name, else from the one without a
/// name, else from <see cref="DefaultAzureCredential"/>.
/// </summary>
/// <param name="services">Where credentials are registered.</param>
/// <param name="log">Is told of fetches that failed.</param>
/// <param name="time">The clock.</param>
internal sealed class EntraTokens(IServiceProvider services, ILogger<EntraTokens> log, TimeProvider time)
{
    /// <summary>Time before the end of a token at which it is renewed where the token does not say.</summary>
    private static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>Time before its end from which a token is not sent: requests take a while, and clocks differ.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private readonly ConcurrentDictionary<(string Upstream, string Scope), RenewedSecret<string>> _tokens = new();
    private readonly Lazy<TokenCredential> _usual = new(() => new DefaultAzureCredential());

    /// <summary>The token for an upstream.</summary>
    /// <exception cref="ChatProviderException">There is none to be had.</exception>
    public ValueTask<string> GetAsync(UpstreamEndpoint endpoint, CancellationToken cancellationToken) =>
        _tokens.GetOrAdd((endpoint.Name, Scope(endpoint.BaseAddress)), Create).GetAsync(cancellationToken);

    /// <summary>What a token is good for: the clouds of some countries are apart from the public one.</summary>
    private static string Scope(Uri address) =>
        address.Host.EndsWith(".azure.us", StringComparison.OrdinalIgnoreCase) ? "https://cognitiveservices.azure.us/.default"
        : address.Host.EndsWith(".azure.cn", StringComparison.OrdinalIgnoreCase) ? "https://cognitiveservices.azure.cn/.default"
        : "https://cognitiveservices.azure.com/.default";

    private RenewedSecret<string> Create((string Upstream, string Scope) key) => new(
        $"A token of Entra ID for upstream '{key.Upstream}'",
        async cancellationToken =>
        {
            var credential = services.GetKeyedService<TokenCredential>(key.Upstream) ?? services.GetService<TokenCredential>() ?? _usual.Value;
            var token = await credential.GetTokenAsync(new TokenRequestContext([key.Scope]), cancellationToken).ConfigureAwait(false);
            return new Lease<string>(token.Token, token.RefreshOn ?? token.ExpiresOn - Ahead, token.ExpiresOn - Margin);
        },
        log,
        time);
}
