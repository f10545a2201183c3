using System.Net.Http.Headers;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Credentials;

/// <summary>Adds what shows an upstream who calls, where that is more than a key in a header.</summary>
/// <param name="entra">Tokens of Entra ID.</param>
/// <param name="aws">Keys that sign.</param>
/// <param name="time">Dates signatures.</param>
internal sealed class UpstreamAuthorizer(EntraTokens entra, AwsKeys aws, TimeProvider time)
{
    private const string Bedrock = "bedrock";

    /// <summary>Whether a key in a header is all that an upstream wants.</summary>
    public static bool IsKeyEnough(UpstreamEndpoint endpoint) => endpoint.Authentication switch
    {
        UpstreamAuthentication.Entra => false,
        UpstreamAuthentication.Aws => endpoint.ApiKey is { } key && AwsKey.Read(key) is null,
        _ => true,
    };

    /// <summary>Adds it. The request is otherwise complete.</summary>
    /// <exception cref="ChatProviderException">There is no token or key to be had.</exception>
    public async ValueTask AuthorizeAsync(HttpRequestMessage request, UpstreamEndpoint endpoint, ReadOnlyMemory<byte> body, CancellationToken cancellationToken)
    {
        if (endpoint.Authentication == UpstreamAuthentication.Entra)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", await entra.GetAsync(endpoint, cancellationToken).ConfigureAwait(false));
            return;
        }

        var key = endpoint.ApiKey is { } configured ? AwsKey.Read(configured)! : await aws.GetAsync(endpoint, cancellationToken).ConfigureAwait(false);
        var region = endpoint.Region ?? throw new ChatProviderException(ChatFailure.Refused, $"Upstream '{endpoint.Name}' has no region to sign requests for.") { NeverSent = true };
        AwsSignature.Sign(request, body, key, region, Bedrock, time.GetUtcNow());
    }
}
