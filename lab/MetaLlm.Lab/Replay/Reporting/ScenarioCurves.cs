namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>The course of a stream in bins of equal length, mean over seeds.</summary>
/// <param name="Requests">Number of the last request of each bin, from 1.</param>
/// <param name="Reward">Mean reward.</param>
/// <param name="CostUsd">Mean cost, USD per request.</param>
/// <param name="Shares">By arm, its share of the requests.</param>
internal sealed record ScenarioCurves(int[] Requests, double[] Reward, double[] CostUsd, IReadOnlyDictionary<string, double[]> Shares);
