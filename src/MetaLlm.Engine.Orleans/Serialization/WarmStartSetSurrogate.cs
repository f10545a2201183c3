using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="WarmStartSet"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.warm-start-set")]
internal struct WarmStartSetSurrogate
{
    [Id(0)]
    public byte[] Bytes;
}

/// <summary>Turns <see cref="WarmStartSet"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class WarmStartSetConverter : IConverter<WarmStartSet, WarmStartSetSurrogate>
{
    /// <inheritdoc/>
    public WarmStartSet ConvertFromSurrogate(in WarmStartSetSurrogate surrogate) => WarmStartCodec.Decode(surrogate.Bytes);

    /// <inheritdoc/>
    public WarmStartSetSurrogate ConvertToSurrogate(in WarmStartSet value) => new()
    {
        Bytes = WarmStartCodec.Encode(value),
    };
}

/// <summary>Passes <see cref="WarmStartSet"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class WarmStartSetCopier : ShallowCopier<WarmStartSet>;
