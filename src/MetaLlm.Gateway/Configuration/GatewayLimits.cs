using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How large requests may be.</summary>
public sealed record GatewayLimits
{
    /// <summary>Largest request body, bytes.</summary>
    /// <value>Default 8,388,608; 1,024 to 268,435,456.</value>
    [Range(1024, 256 * 1024 * 1024)]
    public int BodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most items of one feedback post.</summary>
    /// <value>Default 1,000; 1 to 100,000.</value>
    [Range(1, 100_000)]
    public int FeedbackItems { get; init; } = 1000;

    /// <summary>Largest body of a warm start, bytes.</summary>
    /// <value>Default 67,108,864; 1,024 to 1,073,741,824.</value>
    [Range(1024, 1024 * 1024 * 1024)]
    public int WarmStartBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Most lines of a warm start.</summary>
    /// <value>Default 10,000; 8 to 50,000.</value>
    [Range(WarmStartSet.FewestRows, WarmStartSet.MostRows)]
    public int WarmStartRows { get; init; } = 10_000;
}
