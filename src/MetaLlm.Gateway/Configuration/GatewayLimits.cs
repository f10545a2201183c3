using System.ComponentModel.DataAnnotations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Configuration;

namespace MetaLlm.Gateway.Configuration;

/// <summary>How large requests may be, and how much of them is taken in at once.</summary>
public sealed record GatewayLimits
{
    /// <summary>Largest request body, bytes.</summary>
    /// <value>Default 8,388,608; 1,024 to 268,435,456.</value>
    [Range(1024, 256 * 1024 * 1024)]
    public int BodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Memory that the bodies of all requests under way may take together, bytes; a request beyond it is answered 503. Bodies up to 64 KiB are not counted.</summary>
    /// <value>Default 268,435,456; 1,048,576 to 1,099,511,627,776.</value>
    [Range(typeof(long), "1048576", "1099511627776")]
    public long BodyMemoryBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>Most connections of clients at once; further ones are closed. Without it there is no limit.</summary>
    [NeedsRestart, Range(1, 1_000_000)]
    public int? Connections { get; init; }

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
