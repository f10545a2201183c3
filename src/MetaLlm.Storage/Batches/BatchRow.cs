using MetaLlm.Engine.Batches;

namespace MetaLlm.Storage.Batches;

/// <summary>A row of <c>batches</c>.</summary>
internal sealed class BatchRow
{
    public required string Tenant { get; init; }

    public required string BatchId { get; init; }

    public long CreatedAt { get; init; }

    public long IsOpen { get; init; }

    public long? CancelledAt { get; init; }

    public required string Document { get; init; }

    /// <summary>Most open batches of the tenant, where the row is to be added.</summary>
    public long MostOpen { get; init; }

    public static BatchRow Of(StoredBatch batch, int mostOpen)
    {
        ArgumentNullException.ThrowIfNull(batch);
        return new BatchRow
        {
            Tenant = batch.Tenant, BatchId = batch.Id, CreatedAt = batch.CreatedAt.UtcTicks, IsOpen = batch.IsOpen ? 1 : 0, CancelledAt = batch.CancelledAt?.UtcTicks, Document = batch.Document,
            MostOpen = mostOpen,
        };
    }

    public StoredBatch ToBatch() => new()
    {
        Tenant = Tenant,
        Id = BatchId,
        CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero),
        IsOpen = IsOpen != 0,
        CancelledAt = CancelledAt is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null,
        Document = Document,
    };
}
