using MetaLlm.Core.Features;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="LinearReduction"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.linear-reduction")]
internal struct LinearReductionSurrogate
{
    [Id(0)]
    public string Id;

    [Id(1)]
    public int InputDimensions;

    [Id(2)]
    public float[] Rows;

    [Id(3)]
    public float[] Offset;
}

/// <summary>Turns <see cref="LinearReduction"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class LinearReductionConverter : IConverter<LinearReduction, LinearReductionSurrogate>
{
    /// <inheritdoc/>
    public LinearReduction ConvertFromSurrogate(in LinearReductionSurrogate surrogate) => LinearReduction.Restore(surrogate.Id, surrogate.InputDimensions, surrogate.Rows, surrogate.Offset);

    /// <inheritdoc/>
    public LinearReductionSurrogate ConvertToSurrogate(in LinearReduction value) => new()
    {
        Id = value.Id,
        InputDimensions = value.InputDimensions,
        Rows = value.Rows.ToArray(),
        Offset = value.Offset.ToArray(),
    };
}

/// <summary>Passes <see cref="LinearReduction"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class LinearReductionCopier : ShallowCopier<LinearReduction>;
