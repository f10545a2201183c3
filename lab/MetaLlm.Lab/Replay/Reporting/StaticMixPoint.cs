namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>The static mix at a given cost.</summary>
/// <param name="Reward">Mean reward.</param>
internal sealed record StaticMixPoint(double Reward);
