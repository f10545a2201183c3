using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit;

/// <summary>A theory that needs a PostgreSQL server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks the theory.</summary>
    public PostgresTheoryAttribute() => Skip = PostgresServer.Unavailable;
}
