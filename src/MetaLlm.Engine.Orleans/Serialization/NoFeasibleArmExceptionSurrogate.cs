using MetaLlm.Core.Tenancy;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="NoFeasibleArmException"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.no-feasible-arm")]
internal struct NoFeasibleArmExceptionSurrogate
{
    [Id(0)]
    public string[] Arms;

    [Id(1)]
    public string[] Reasons;
}

/// <summary>Turns <see cref="NoFeasibleArmException"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class NoFeasibleArmExceptionConverter : IConverter<NoFeasibleArmException, NoFeasibleArmExceptionSurrogate>
{
    /// <inheritdoc/>
    public NoFeasibleArmException ConvertFromSurrogate(in NoFeasibleArmExceptionSurrogate surrogate) => new([.. surrogate.Arms.Zip(surrogate.Reasons, KeyValuePair.Create)]);

    /// <inheritdoc/>
    public NoFeasibleArmExceptionSurrogate ConvertToSurrogate(in NoFeasibleArmException value) => new()
    {
        Arms = [.. value.Exclusions.Select(exclusion => exclusion.Key)],
        Reasons = [.. value.Exclusions.Select(exclusion => exclusion.Value)],
    };
}

/// <summary>Passes <see cref="NoFeasibleArmException"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class NoFeasibleArmExceptionCopier : ShallowCopier<NoFeasibleArmException>;
