using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>What stands behind an arm.</summary>
/// <param name="Endpoint">The upstream.</param>
/// <param name="Model">The upstream's name of the model.</param>
/// <param name="Prices">Live prices.</param>
public sealed record ArmTarget(UpstreamEndpoint Endpoint, string Model, TokenPrices Prices)
{
    /// <summary>What calls of it need to know.</summary>
    public CallOptions Options { get; init; } = CallOptions.None;
}
