namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>What simple choices would have earned and spent on the requests that were scored; in a scenario, phase by phase.</summary>
/// <param name="Random">Every arm equally often (expectation).</param>
/// <param name="Cheapest">Always the arm with the least mean cost.</param>
/// <param name="BestSingle">Always the arm with the best mean reward, known in hindsight.</param>
/// <param name="BestPerTask">Per task tag the arm with the best mean reward, known in hindsight.</param>
/// <param name="StaticMixAtRealisedCost">The best random mix of fixed arms, known in hindsight, at the policy's realised mean cost.</param>
/// <param name="Oracle">Per query the best arm, the cheapest on ties.</param>
internal sealed record ReferenceSummary(
    ReferencePoint Random,
    ReferencePoint Cheapest,
    ReferencePoint BestSingle,
    ReferencePoint BestPerTask,
    StaticMixPoint StaticMixAtRealisedCost,
    ReferencePoint Oracle);
