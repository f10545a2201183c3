namespace MetaLlm.Storage.Postgres;

/// <summary>Statements of one tenant's files and batches that run one after the other, so that each counts what the one before has added.</summary>
internal static class TenantTurn
{
    // Locks of two numbers are others than those of one, of which the migrator has one; "MLBa" in ASCII.
    private const string Lock = "1296843361";

    /// <summary>The statement, behind the others of its tenant.</summary>
    /// <param name="tenant">Its parameter that names the tenant.</param>
    /// <param name="statement">The statement.</param>
    /// <remarks>Statements that are sent together are one transaction, at whose end the lock goes; each sees what was there when it began.</remarks>
    public static string Of(string tenant, string statement) => $"SELECT pg_advisory_xact_lock({Lock}, hashtext({tenant})); {statement}";
}
