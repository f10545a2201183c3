using System.Collections.Concurrent;
using Amazon.Runtime;
using Amazon.Runtime.Credentials;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Providers.Credentials;

/// <summary>
/// Keys for upstreams that are configured without one. They come from the <see cref="AWSCredentials"/> that the application has registered under the upstream's name,
/// else from those without a name, else from Amazon's usual chain: environment variables, profiles, the roles of containers and machines.
/// </summary>
/// <param name="services">Where credentials are registered.</param>
/// <param name="log">Is told of fetches that failed.</param>
/// <param name="time">The clock.</param>
internal sealed class AwsKeys(IServiceProvider services, ILogger<AwsKeys> log, TimeProvider time)
{
    /// <summary>Credentials keep themselves fresh, and are asked so often whether they have changed.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Longest time that a key serves without having been asked for anew.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<string, RenewedSecret<AwsKey>> _keys = new(StringComparer.Ordinal);

    /// <summary>The key for an upstream.</summary>
    /// <exception cref="ChatProviderException">There is none to be had.</exception>
    public ValueTask<AwsKey> GetAsync(UpstreamEndpoint endpoint, CancellationToken cancellationToken) => _keys.GetOrAdd(endpoint.Name, Create).GetAsync(cancellationToken);

    private RenewedSecret<AwsKey> Create(string upstream) => new(
        $"An AWS key for upstream '{upstream}'",
        async cancellationToken =>
        {
            var credentials = services.GetKeyedService<AWSCredentials>(upstream) ?? services.GetService<AWSCredentials>()
                ?? await DefaultAWSCredentialsIdentityResolver.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var key = await credentials.GetCredentialsAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            var now = time.GetUtcNow();
            return new Lease<AwsKey>(new AwsKey(key.AccessKey, key.SecretKey, key.UseToken ? key.Token : null), now + Interval, now + Longest);
        },
        log,
        time);
}
