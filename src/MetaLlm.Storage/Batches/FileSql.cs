namespace MetaLlm.Storage.Batches;

/// <summary>Statements of files, which SQLite and PostgreSQL have in common.</summary>
internal static class FileSql
{
    /// <summary>For whoever is alone in adding files of the tenant: two that look at the same time would both find room.</summary>
    public const string Begin = """
        INSERT INTO batch_files (tenant, file_id, purpose, name, created_at) SELECT @Tenant, @FileId, @Purpose, @Name, @CreatedAt
        WHERE (SELECT count(*) FROM batch_files WHERE tenant = @Tenant) < @MostFiles
        """;

    /// <summary>A part of a file that is still coming; of one that was deleted meanwhile none is left behind.</summary>
    public const string Append = """
        INSERT INTO batch_file_parts (tenant, file_id, part, content)
        SELECT tenant, file_id, @part, @content FROM batch_files WHERE tenant = @tenant AND file_id = @id AND size IS NULL
        ON CONFLICT (tenant, file_id, part) DO UPDATE SET content = excluded.content
        """;

    /// <summary>As <see cref="Begin"/>, for whoever is alone.</summary>
    public const string End = """
        UPDATE batch_files SET size = @bytes WHERE tenant = @tenant AND file_id = @id AND size IS NULL
        AND @bytes <= @mostBytes - (SELECT CAST(coalesce(sum(size), 0) AS bigint) FROM batch_files WHERE tenant = @tenant)
        """;

    public const string Find = $"SELECT {Columns} FROM batch_files WHERE tenant = @tenant AND file_id = @id AND size IS NOT NULL";

    public const string NewestFirst = $"{List} AND (CAST(@after AS text) IS NULL OR (created_at, file_id) < ({Place})) ORDER BY created_at DESC, file_id DESC LIMIT @limit";

    public const string OldestFirst = $"{List} AND (CAST(@after AS text) IS NULL OR (created_at, file_id) > ({Place})) ORDER BY created_at, file_id LIMIT @limit";

    public const string Read = """
        SELECT content FROM batch_file_parts p WHERE tenant = @tenant AND file_id = @id AND part = @part
        AND EXISTS (SELECT 1 FROM batch_files f WHERE f.tenant = p.tenant AND f.file_id = p.file_id AND f.size IS NOT NULL)
        """;

    public const string Measure = "SELECT count(*) AS Files, CAST(coalesce(sum(size), 0) AS bigint) AS Bytes FROM batch_files WHERE tenant = @tenant";

    /// <summary>The file first: parts that come meanwhile find none to be added to.</summary>
    public const string Delete = "DELETE FROM batch_files WHERE tenant = @tenant AND file_id = @id";

    public const string DeleteParts = "DELETE FROM batch_file_parts WHERE tenant = @tenant AND file_id = @id";

    public const string Old = """
        SELECT tenant AS Tenant, file_id AS FileId FROM batch_files WHERE created_at < @before OR (size IS NULL AND created_at < @brokenBefore) ORDER BY created_at LIMIT @limit
        """;

    public const string DeleteTenant = "DELETE FROM batch_files WHERE tenant = @tenant";

    public const string DeleteTenantParts = "DELETE FROM batch_file_parts WHERE tenant = @tenant";

    private const string Columns = "tenant AS Tenant, file_id AS FileId, purpose AS Purpose, name AS Name, created_at AS CreatedAt, size AS Size";

    private const string List = $"SELECT {Columns} FROM batch_files WHERE tenant = @tenant AND size IS NOT NULL AND (CAST(@purpose AS text) IS NULL OR purpose = @purpose)";

    private const string Place = "SELECT created_at, file_id FROM batch_files WHERE tenant = @tenant AND file_id = @after";
}
