namespace MetaLlm.Storage.Responses;

/// <summary>Statements of the responses, which SQLite and PostgreSQL have in common.</summary>
internal static class ResponseSql
{
    public const string Put = """
        INSERT INTO responses (tenant, response_id, previous_id, created_at, input, response) VALUES (@tenant, @id, @previousId, @createdAt, @input, @response)
        ON CONFLICT (tenant, response_id) DO NOTHING
        """;

    public const string Find = $"SELECT {Columns} FROM responses r WHERE r.tenant = @tenant AND r.response_id = @id";

    public const string Chain = $"""
        WITH RECURSIVE chain AS (
            SELECT 0 AS depth, s.response_id, s.previous_id FROM responses s WHERE s.tenant = @tenant AND s.response_id = @id
            UNION ALL
            SELECT c.depth + 1, s.response_id, s.previous_id FROM chain c JOIN responses s ON s.tenant = @tenant AND s.response_id = c.previous_id WHERE c.depth + 1 < @limit)
        SELECT {Columns} FROM chain c JOIN responses r ON r.tenant = @tenant AND r.response_id = c.response_id ORDER BY c.depth DESC
        """;

    public const string Delete = "DELETE FROM responses WHERE tenant = @tenant AND response_id = @id";

    public const string DeleteTenant = "DELETE FROM responses WHERE tenant = @tenant";

    public const string Drop = """
        DELETE FROM responses WHERE (tenant, response_id) IN (
            SELECT tenant, response_id FROM responses WHERE created_at < @before ORDER BY created_at LIMIT @limit)
        """;

    private const string Columns = "r.tenant, r.response_id AS Id, r.previous_id AS PreviousId, r.created_at AS CreatedAt, r.input, r.response";
}
