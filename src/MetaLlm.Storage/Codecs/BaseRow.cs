using MetaLlm.Engine.Ports;

namespace MetaLlm.Storage.Codecs;

/// <summary>A state that stands for the beginning of a journal, as a query gives it.</summary>
internal sealed class BaseRow
{
    public long AppliedSequence { get; init; }

    public long DecisionOrdinal { get; init; }

    public byte[] State { get; init; } = [];

    public Snapshot ToSnapshot() => new(AppliedSequence, DecisionOrdinal, State);
}
