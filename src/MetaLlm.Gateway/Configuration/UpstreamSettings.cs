using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Configuration;

/// <summary>An upstream as configured.</summary>
/// <param name="Endpoint">Address, key and limits.</param>
/// <param name="Simulator">Set when the host itself plays this upstream; null for a real one.</param>
public sealed record UpstreamSettings(UpstreamEndpoint Endpoint, SimulatorSettings? Simulator);
