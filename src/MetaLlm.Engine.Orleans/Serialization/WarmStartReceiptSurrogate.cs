using MetaLlm.Engine.Journal;
using Orleans.Serialization.Cloning;

namespace MetaLlm.Engine.Orleans.Serialization;

/// <summary><see cref="WarmStartReceipt"/> on the wire.</summary>
[GenerateSerializer, Immutable, Alias("metallm.warm-start-receipt")]
internal struct WarmStartReceiptSurrogate
{
    [Id(0)]
    public int Rows;

    [Id(1)]
    public bool Duplicate;

    [Id(2)]
    public long? Sequence;
}

/// <summary>Turns <see cref="WarmStartReceipt"/> into its surrogate and back.</summary>
[RegisterConverter]
internal sealed class WarmStartReceiptConverter : IConverter<WarmStartReceipt, WarmStartReceiptSurrogate>
{
    /// <inheritdoc/>
    public WarmStartReceipt ConvertFromSurrogate(in WarmStartReceiptSurrogate surrogate) => new(surrogate.Rows, surrogate.Duplicate, surrogate.Sequence);

    /// <inheritdoc/>
    public WarmStartReceiptSurrogate ConvertToSurrogate(in WarmStartReceipt value) => new()
    {
        Rows = value.Rows,
        Duplicate = value.Duplicate,
        Sequence = value.Sequence,
    };
}

/// <summary>Passes <see cref="WarmStartReceipt"/> on as it is: it never changes, so that callers on one silo share it.</summary>
[RegisterCopier]
internal sealed class WarmStartReceiptCopier : ShallowCopier<WarmStartReceipt>;
