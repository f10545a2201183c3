using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>A <see cref="Snapshot"/> as grain storage keeps it.</summary>
[GenerateSerializer, Alias("metallm.snapshot-state")]
internal sealed class SnapshotState
{
    /// <summary>The bytes that the tenant state wrote; null when none are in memory.</summary>
    [Id(0)]
    public byte[]? Bytes { get; set; }

    /// <summary>Sequence of the last event in it.</summary>
    [Id(1)]
    public long AppliedSequence { get; set; }

    /// <summary>Ordinal of the last decision in it.</summary>
    [Id(2)]
    public long DecisionOrdinal { get; set; }
}
