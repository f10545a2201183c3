namespace MetaLlm.Storage.Batches;

/// <summary>Statements of batches, which SQLite and PostgreSQL have in common.</summary>
internal static class BatchSql
{
    /// <summary>For whoever is alone in adding batches of the tenant: two that look at the same time would both find room.</summary>
    public const string Put = """
        INSERT INTO batches (tenant, batch_id, created_at, is_open, held_until, cancelled_at, document) SELECT @Tenant, @BatchId, @CreatedAt, @IsOpen, 0, @CancelledAt, @Document
        WHERE (SELECT count(*) FROM batches WHERE tenant = @Tenant AND is_open = 1) < @MostOpen
        """;

    public const string Find = $"SELECT {Columns} FROM batches WHERE tenant = @tenant AND batch_id = @id";

    public const string List = $"""
        SELECT {Columns} FROM batches WHERE tenant = @tenant
        AND (CAST(@after AS text) IS NULL OR (created_at, batch_id) < (SELECT created_at, batch_id FROM batches WHERE tenant = @tenant AND batch_id = @after))
        ORDER BY created_at DESC, batch_id DESC LIMIT @limit
        """;

    public const string HasClaimable = "SELECT count(*) FROM batches WHERE is_open = 1 AND held_until < @now";

    /// <summary>Of several that claim at once, those who come late find the row held, and get none.</summary>
    public const string Claim = """
        UPDATE batches SET owner = @owner, held_until = @heldUntil WHERE is_open = 1 AND held_until < @now AND (tenant, batch_id) IN (
            SELECT tenant, batch_id FROM batches WHERE is_open = 1 AND held_until < @now ORDER BY created_at, tenant, batch_id LIMIT 1)
        """;

    public const string FindClaimed = $"SELECT {Columns} FROM batches WHERE is_open = 1 AND owner = @owner";

    public const string Renew = $"UPDATE batches SET held_until = @heldUntil {OfOwner}";

    public const string FindOwned = $"SELECT {Columns} FROM batches {OfOwner}";

    public const string Release = $"UPDATE batches SET owner = NULL, held_until = 0 {OfOwner}";

    public const string Cancel = "UPDATE batches SET cancelled_at = @at WHERE tenant = @tenant AND batch_id = @id AND is_open = 1 AND cancelled_at IS NULL";

    public const string Save = $"UPDATE batches SET document = @document, is_open = @isOpen {OfOwner}";

    public const string SaveLine = $"""
        INSERT INTO batch_lines (tenant, batch_id, line, state) SELECT tenant, batch_id, @number, @state FROM batches {OfOwner}
        ON CONFLICT (tenant, batch_id, line) DO UPDATE SET state = excluded.state
        """;

    public const string ReadLines = "SELECT line AS Line, state AS State FROM batch_lines WHERE tenant = @tenant AND batch_id = @id AND line >= @from ORDER BY line LIMIT @limit";

    public const string DeleteLines = "DELETE FROM batch_lines WHERE tenant = @tenant AND batch_id = @id";

    public const string Drop = """
        DELETE FROM batches WHERE is_open = 0 AND (tenant, batch_id) IN (
            SELECT tenant, batch_id FROM batches WHERE is_open = 0 AND created_at < @before ORDER BY created_at LIMIT @limit)
        """;

    public const string DeleteTenant = "DELETE FROM batches WHERE tenant = @tenant";

    public const string DeleteTenantLines = "DELETE FROM batch_lines WHERE tenant = @tenant";

    private const string Columns = "tenant AS Tenant, batch_id AS BatchId, created_at AS CreatedAt, is_open AS IsOpen, cancelled_at AS CancelledAt, document AS Document";

    private const string OfOwner = "WHERE tenant = @tenant AND batch_id = @id AND owner = @owner AND is_open = 1";
}
