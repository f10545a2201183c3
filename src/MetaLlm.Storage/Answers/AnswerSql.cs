namespace MetaLlm.Storage.Answers;

/// <summary>Statements of the kept answers, which SQLite and PostgreSQL have in common.</summary>
internal static class AnswerSql
{
    /// <summary>Takes a request that nobody has, that its call let go without a word, or that was answered too long ago.</summary>
    public const string Claim = """
        INSERT INTO kept_answers (tenant, answer_id, fingerprint, owner, held_until, created_at, size) VALUES (@tenant, @id, @fingerprint, @owner, @heldUntil, @now, 0)
        ON CONFLICT (tenant, answer_id) DO UPDATE SET
            fingerprint = excluded.fingerprint, owner = excluded.owner, held_until = excluded.held_until, created_at = excluded.created_at, status = NULL, head = NULL, body = NULL, size = 0
        WHERE (kept_answers.status IS NULL AND kept_answers.held_until < @now) OR kept_answers.created_at < @expired
        """;

    public const string Find = "SELECT fingerprint, owner, status, head, body FROM kept_answers WHERE tenant = @tenant AND answer_id = @id";

    public const string Renew = $"UPDATE kept_answers SET held_until = @heldUntil {OfOwner}";

    public const string Keep = $"UPDATE kept_answers SET status = @status, head = @head, body = @body, size = @size {OfOwner}";

    public const string Release = $"DELETE FROM kept_answers {OfOwner}";

    public const string Trim = """
        DELETE FROM kept_answers WHERE tenant = @tenant AND answer_id IN (
            SELECT answer_id FROM (
                SELECT answer_id, row_number() OVER newest AS number, sum(size) OVER newest AS bytes
                FROM kept_answers WHERE tenant = @tenant AND status IS NOT NULL
                WINDOW newest AS (ORDER BY created_at DESC, answer_id ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW)) counted
            WHERE number > @most OR bytes > @mostBytes)
        """;

    public const string Drop = """
        DELETE FROM kept_answers WHERE (tenant, answer_id) IN (
            SELECT tenant, answer_id FROM kept_answers WHERE created_at < @before ORDER BY created_at LIMIT @limit)
        """;

    public const string DeleteTenant = "DELETE FROM kept_answers WHERE tenant = @tenant";

    private const string OfOwner = "WHERE tenant = @tenant AND answer_id = @id AND owner = @owner AND status IS NULL";
}
