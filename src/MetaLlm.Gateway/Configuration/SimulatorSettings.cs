namespace MetaLlm.Gateway.Configuration;

/// <summary>How the simulator behind an upstream of kind <c>simulator</c> is set up.</summary>
/// <param name="Seed">Names its catalogue and its answers.</param>
/// <param name="TimeScale">Factor on its latencies, 0 to 100.</param>
public sealed record SimulatorSettings(int Seed, double TimeScale);
