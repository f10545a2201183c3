using Microsoft.Extensions.Configuration;
using Orleans.TestingHost;

namespace MetaLlm.Engine.Orleans.ClusterTests.Support;

/// <summary>Makes the client as a gateway without a silo does. The testing host creates it by its type.</summary>
public sealed class ClientConfigurator : IClientBuilderConfigurator
{
    public void Configure(IConfiguration configuration, IClientBuilder clientBuilder)
    {
        var setup = ClusterSetup.Of(configuration);
        clientBuilder
            .UseMetaLlmCluster(setup.Membership(configuration, 1, 0))
            .AddMetaLlm();
    }
}
