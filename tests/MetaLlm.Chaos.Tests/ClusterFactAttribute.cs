using MetaLlm.Chaos.Cluster;

namespace MetaLlm.Chaos.Tests;

/// <summary>A test that runs a cluster of its own; skipped, with the reason, where there is no PostgreSQL.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClusterFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public ClusterFactAttribute() => Skip = DatabaseServer.Unavailable;
}
