using MetaLlm.Engine.Batches;

namespace MetaLlm.Storage.Batches;

/// <summary>A row of <c>batch_lines</c>.</summary>
internal sealed class BatchLineRow
{
    public long Line { get; init; }

    public required string State { get; init; }

    public StoredLine ToLine() => new((int)Line, State);
}
