namespace MetaLlm.Storage.TenantDirectory;

/// <summary>Statements of the directory that SQLite and PostgreSQL have in common.</summary>
internal static class DirectorySql
{
    public const string Revision = "SELECT revision FROM directory_head";

    public const string SetRevision = "UPDATE directory_head SET revision = @revision";

    public const string FindTenant = $"SELECT {Tenant} FROM directory_tenants WHERE tenant = @tenant AND deleted_at IS NULL";

    public const string ListTenants = $"SELECT {Tenant} FROM directory_tenants WHERE tenant > @after AND deleted_at IS NULL ORDER BY tenant LIMIT @limit";

    public const string FindKey = $"SELECT {Key} FROM directory_keys WHERE key_id = @keyId AND revoked_at IS NULL";

    public const string ListKeys = $"SELECT {Key} FROM directory_keys WHERE tenant = @tenant AND revoked_at IS NULL ORDER BY key_id";

    public const string ListManagingKeys = $"SELECT {Key} FROM directory_keys WHERE tenant IS NULL AND revoked_at IS NULL ORDER BY key_id";

    public const string PutTenant = """
        INSERT INTO directory_tenants (tenant, revision, document, created_at, updated_at) VALUES (@tenant, @revision, @document, @createdAt, @updatedAt)
        ON CONFLICT (tenant) DO UPDATE
            SET revision = excluded.revision, document = excluded.document, created_at = excluded.created_at, updated_at = excluded.updated_at, deleted_at = NULL
        """;

    public const string DeleteTenant = "UPDATE directory_tenants SET deleted_at = @at, updated_at = @at, revision = @revision WHERE tenant = @tenant";

    public const string RevokeKeysOfTenant = "UPDATE directory_keys SET revoked_at = @at WHERE tenant = @tenant AND revoked_at IS NULL";

    public const string AddKey = """
        INSERT INTO directory_keys (key_id, tenant, name, rights, salt, hash, created_at, expires_at, requests_per_minute, tokens_per_minute, parallel_calls)
        VALUES (@keyId, @tenant, @name, @rights, @salt, @hash, @createdAt, @expiresAt, @requestsPerMinute, @tokensPerMinute, @parallelCalls)
        """;

    public const string RevokeKey = "UPDATE directory_keys SET revoked_at = @at WHERE key_id = @keyId";

    public const string RecordUse = "UPDATE directory_keys SET last_used_at = @at WHERE key_id = @keyId AND (last_used_at IS NULL OR last_used_at < @at)";

    public const string AddChange = """
        INSERT INTO directory_audit (revision, at, actor, action, tenant, key_id, before, after)
        VALUES (@revision, @at, @actor, @action, @tenant, @keyId, @before, @after)
        """;

    private const string Tenant = "tenant, revision, document, created_at AS CreatedAt, updated_at AS UpdatedAt";

    private const string Key = "key_id AS KeyId, tenant, name, rights, salt, hash, created_at AS CreatedAt, expires_at AS ExpiresAt, last_used_at AS LastUsedAt, "
        + "requests_per_minute AS RequestsPerMinute, tokens_per_minute AS TokensPerMinute, parallel_calls AS ParallelCalls";

    /// <summary>Changes after a revision, by tenant and time where these are asked for.</summary>
    public static string Changes(bool ofTenant, bool since, bool withContents) =>
        $"SELECT revision, at, actor, action, tenant, key_id AS KeyId, {(withContents ? "before, after" : "NULL AS before, NULL AS after")} FROM directory_audit WHERE revision > @after"
        + (ofTenant ? " AND tenant = @tenant" : "") + (since ? " AND at >= @since" : "") + " ORDER BY revision LIMIT @limit";
}
