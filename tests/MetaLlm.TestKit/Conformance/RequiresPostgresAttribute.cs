using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit.Conformance;

/// <summary>The suite needs a PostgreSQL server; skipped, with the reason, where there is none.</summary>
public sealed class RequiresPostgresAttribute : RequirementAttribute
{
    /// <inheritdoc/>
    public override string? Unmet => PostgresServer.Unavailable;
}
