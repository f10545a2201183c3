using MetaLlm.Core.Arms;

namespace MetaLlm.Engine.Ports;

/// <summary>What came of a model's answer to a query.</summary>
/// <param name="ArmId">The model; the one that served where that answer was judged.</param>
/// <param name="Reward">What judges say that the answer was worth, 0 to 1; NaN where they have not said it yet.</param>
/// <param name="Usage">Its tokens.</param>
/// <param name="CostUsd">What it cost, USD, at least 0.</param>
/// <param name="LatencySeconds">Seconds to the whole answer; NaN where not measured.</param>
[GenerateSerializer, Immutable, Alias("metallm.evidence-answer")]
public sealed record EvidenceAnswer(
    [property: Id(0)] string ArmId,
    [property: Id(1)] double Reward,
    [property: Id(2)] TokenUsage Usage,
    [property: Id(3)] double CostUsd,
    [property: Id(4)] double LatencySeconds);
