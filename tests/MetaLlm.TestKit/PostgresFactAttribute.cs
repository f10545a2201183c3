using MetaLlm.TestKit.Stores;

namespace MetaLlm.TestKit;

/// <summary>A test that needs a PostgreSQL server; skipped, with the reason, where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class PostgresFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public PostgresFactAttribute() => Skip = PostgresServer.Unavailable;
}
