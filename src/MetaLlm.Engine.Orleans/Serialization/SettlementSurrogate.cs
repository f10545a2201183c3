using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="Settlement"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.settlement")]
internal struct SettlementSurrogate
{
    [Id(0)]
    public string DecisionId;

    [Id(1)]
    public int Outcome;

    [Id(2)]
    public TokenUsage Usage;

    [Id(3)]
    public double? CostUsd;

    [Id(4)]
    public double? LatencySeconds;
}

/// <summary>Turns <see cref="Settlement"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class SettlementConverter : IConverter<Settlement, SettlementSurrogate>
{
    /// <inheritdoc/>
    public Settlement ConvertFromSurrogate(in SettlementSurrogate surrogate) => new()
    {
        DecisionId = surrogate.DecisionId,
        Outcome = (CallOutcome)surrogate.Outcome,
        Usage = surrogate.Usage,
        CostUsd = surrogate.CostUsd,
        LatencySeconds = surrogate.LatencySeconds,
    };

    /// <inheritdoc/>
    public SettlementSurrogate ConvertToSurrogate(in Settlement value) => new()
    {
        DecisionId = value.DecisionId,
        Outcome = (int)value.Outcome,
        Usage = value.Usage,
        CostUsd = value.CostUsd,
        LatencySeconds = value.LatencySeconds,
    };
}

/// <summary>Passes <see cref="Settlement"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class SettlementCopier : ShallowCopier<Settlement>;
