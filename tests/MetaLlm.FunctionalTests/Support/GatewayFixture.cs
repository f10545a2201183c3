namespace MetaLlm.FunctionalTests.Support;

/// <summary>One gateway for the tests of a class, which run one after the other.</summary>
public sealed class GatewayFixture : IAsyncLifetime
{
    private RunningGateway? _gateway;

    internal RunningGateway Gateway => _gateway!;

    public async Task InitializeAsync() => _gateway = await RunningGateway.StartAsync();

    public async Task DisposeAsync() => await Gateway.DisposeAsync();
}
