using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="Reroute"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.reroute")]
internal struct RerouteSurrogate
{
    [Id(0)]
    public string DecisionId;

    [Id(1)]
    public string ToArm;

    [Id(2)]
    public double ReservedUsd;

    [Id(3)]
    public string Reason;
}

/// <summary>Turns <see cref="Reroute"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class RerouteConverter : IConverter<Reroute, RerouteSurrogate>
{
    /// <inheritdoc/>
    public Reroute ConvertFromSurrogate(in RerouteSurrogate surrogate) => new(surrogate.DecisionId, surrogate.ToArm, surrogate.ReservedUsd, surrogate.Reason);

    /// <inheritdoc/>
    public RerouteSurrogate ConvertToSurrogate(in Reroute value) => new()
    {
        DecisionId = value.DecisionId,
        ToArm = value.ToArm,
        ReservedUsd = value.ReservedUsd,
        Reason = value.Reason,
    };
}

/// <summary>Passes <see cref="Reroute"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class RerouteCopier : ShallowCopier<Reroute>;
