namespace MetaLlm.Cli.Replay.Reporting;

/// <summary>The static mix at a given cost.</summary>
/// <param name="Reward">Mean reward.</param>
internal sealed record StaticMixPoint(double Reward);
