namespace MetaLlm.Evaluation.Estimation;

/// <summary>How long a log with more exploration would have to be.</summary>
/// <param name="ExplorationFloor">Share of decisions that is spread evenly over all arms.</param>
/// <param name="Decisions">Decisions with a reward that would do.</param>
public sealed record ExplorationNeed(double ExplorationFloor, long Decisions);
