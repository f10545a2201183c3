namespace MetaLlm.Storage.RequestLog;

/// <summary>Statements of the request log, which SQLite and PostgreSQL have in common.</summary>
internal static class RequestLogSql
{
    public const string Put = """
        INSERT INTO request_log (tenant, request_id, created_at, head, body) VALUES (@tenant, @id, @createdAt, @head, @body)
        ON CONFLICT (tenant, request_id) DO NOTHING
        """;

    public const string Find = "SELECT tenant, request_id AS Id, created_at AS CreatedAt, head, body FROM request_log WHERE tenant = @tenant AND request_id = @id";

    public const string List = """
        SELECT tenant, request_id AS Id, created_at AS CreatedAt, head FROM request_log
        WHERE tenant = @tenant AND created_at >= @from AND (created_at, request_id) < (@to, @beforeId)
        ORDER BY created_at DESC, request_id DESC LIMIT @limit
        """;

    public const string Tenants = "SELECT DISTINCT tenant FROM request_log ORDER BY tenant";

    public const string Drop = """
        DELETE FROM request_log WHERE tenant = @tenant AND request_id IN (
            SELECT request_id FROM request_log WHERE tenant = @tenant AND created_at < @before ORDER BY created_at LIMIT @limit)
        """;

    public const string DeleteTenant = "DELETE FROM request_log WHERE tenant = @tenant";
}
