using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Faults;

namespace MetaLlm.Chaos;

/// <summary>What campaign to run.</summary>
internal sealed record CampaignOptions
{
    /// <summary>How many faults.</summary>
    public int Faults { get; init; } = 1000;

    /// <summary>Names the draws.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Questions a second, all tenants together.</summary>
    public double Rate { get; init; } = 96;

    /// <summary>Promises are looked after when this many more faults have been made.</summary>
    public int CheckEvery { get; init; } = 50;

    /// <summary>Kinds of faults to make, of those that are possible.</summary>
    public IReadOnlyList<FaultKind> Kinds { get; init; } = FaultKinds.All;

    /// <summary>The cluster.</summary>
    public ClusterOptions Cluster { get; init; } = new();

    /// <summary>How long load runs before anything is measured.</summary>
    public TimeSpan WarmUp { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long calm is measured.</summary>
    public TimeSpan Calm { get; init; } = TimeSpan.FromSeconds(20);
}
