namespace MetaLlm.Engine.Ports;

/// <summary>
/// A change was refused, since not every silo of the cluster can read the event that would record it: a release that cannot still runs, or has just joined. Nothing was recorded.
/// </summary>
/// <param name="message">What was refused, and for which silo.</param>
[GenerateSerializer, Immutable, Alias("metallm.upgrade-in-progress")]
public sealed class UpgradeInProgressException(string message) : EngineUnavailableException(message);
