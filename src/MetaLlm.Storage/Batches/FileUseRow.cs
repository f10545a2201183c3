namespace MetaLlm.Storage.Batches;

/// <summary>What a tenant's files take.</summary>
internal sealed class FileUseRow
{
    public long Files { get; init; }

    public long Bytes { get; init; }
}
