namespace MetaLlm.TestKit.Charts;

/// <summary>A theory that needs <c>helm</c>, and perhaps PostgreSQL; skipped, with the reason, where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class HelmTheoryAttribute : TheoryAttribute
{
    /// <summary>Marks the theory.</summary>
    /// <param name="postgres">Whether it needs PostgreSQL too.</param>
    public HelmTheoryAttribute(bool postgres = false) => Skip = Helm.Unavailable ?? (postgres ? Stores.PostgresServer.Unavailable : null);
}
