namespace MetaLlm.Core.Cascades;

/// <summary>A model that may take over.</summary>
/// <param name="Quality">Its predicted reward, 0 to 1, before any answer was seen.</param>
/// <param name="CostUsd">Its predicted cost, USD.</param>
/// <param name="LatencySeconds">Predicted seconds until its answer.</param>
public readonly record struct SecondModel(double Quality, double CostUsd, double LatencySeconds);
