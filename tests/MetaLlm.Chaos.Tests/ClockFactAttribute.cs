using MetaLlm.Chaos.Cluster;

namespace MetaLlm.Chaos.Tests;

/// <summary>A test that sets a process's clock; skipped, with the reason, where that cannot be.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class ClockFactAttribute : FactAttribute
{
    /// <summary>Marks the test.</summary>
    public ClockFactAttribute() => Skip = WallClock.Unavailable;
}
