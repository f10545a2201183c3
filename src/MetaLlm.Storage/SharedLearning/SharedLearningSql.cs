namespace MetaLlm.Storage.SharedLearning;

/// <summary>Statements of what tenants give to the pool, which SQLite and PostgreSQL have in common.</summary>
internal static class SharedLearningSql
{
    public const string Find = "SELECT tenant, version, document FROM shared_learning WHERE tenant = @tenant";

    public const string List = "SELECT tenant, version, document FROM shared_learning ORDER BY tenant";

    // The first has to find nothing there, and a later one the version before: whoever was slower writes nothing.
    public const string Insert = "INSERT INTO shared_learning (tenant, version, document) VALUES (@Tenant, @Version, @Document) ON CONFLICT (tenant) DO NOTHING";

    public const string Update = "UPDATE shared_learning SET version = @Version, document = @Document WHERE tenant = @Tenant AND version = @Version - 1";

    public const string DeleteTenant = "DELETE FROM shared_learning WHERE tenant = @tenant";

    /// <summary>The statement that writes a version.</summary>
    public static string Put(long version) => version == 1 ? Insert : Update;
}
