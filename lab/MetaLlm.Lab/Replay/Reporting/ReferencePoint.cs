namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What a simple choice would have earned and spent, mean over seeds.</summary>
/// <param name="Reward">Mean reward.</param>
/// <param name="Cost">Mean cost, USD per request.</param>
internal sealed record ReferencePoint(double Reward, double Cost);
