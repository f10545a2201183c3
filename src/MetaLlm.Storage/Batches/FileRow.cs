using MetaLlm.Engine.Batches;

namespace MetaLlm.Storage.Batches;

/// <summary>A row of <c>batch_files</c>.</summary>
internal sealed class FileRow
{
    public required string Tenant { get; init; }

    public required string FileId { get; init; }

    public string Purpose { get; init; } = "";

    public string Name { get; init; } = "";

    public long CreatedAt { get; init; }

    public long? Size { get; init; }

    /// <summary>Most files of the tenant, where the row is to be added.</summary>
    public long MostFiles { get; init; }

    public static FileRow Of(StoredFile file, long mostFiles)
    {
        ArgumentNullException.ThrowIfNull(file);
        return new FileRow { Tenant = file.Tenant, FileId = file.Id, Purpose = file.Purpose, Name = file.Name, CreatedAt = file.CreatedAt.UtcTicks, MostFiles = mostFiles };
    }

    public StoredFile ToFile() => new()
    {
        Tenant = Tenant, Id = FileId, Purpose = Purpose, Name = Name, CreatedAt = new DateTimeOffset(CreatedAt, TimeSpan.Zero), Bytes = Size ?? 0,
    };
}
