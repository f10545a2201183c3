namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>Mean reward over seeds.</summary>
/// <param name="Mean">Mean of the seeds' means.</param>
/// <param name="Sd">Standard deviation of the seeds' means.</param>
/// <param name="Ci95">Ends of the 95 % bootstrap interval over queries and seeds.</param>
internal sealed record RewardSummary(double Mean, double Sd, double[] Ci95);
