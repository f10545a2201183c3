namespace MetaLlm.Chaos.Faults;

/// <summary>A fault as it happened. Times are since the campaign began.</summary>
internal sealed record FaultRecord
{
    /// <summary>Its number in the campaign, from 1.</summary>
    public required int Number { get; init; }

    /// <summary>What went wrong.</summary>
    public required FaultKind Kind { get; init; }

    /// <summary>The host that was hit, by number; null for the database.</summary>
    public int? Host { get; init; }

    /// <summary>Tenants that the host owned, by number; all of them for the database.</summary>
    public IReadOnlyList<int> Victims { get; init; } = [];

    /// <summary>When it began.</summary>
    public required TimeSpan Start { get; init; }

    /// <summary>When it was over: packets passed again, the process ran, the disk had room.</summary>
    public TimeSpan Lifted { get; init; }

    /// <summary>When all that was hit was ready again.</summary>
    public TimeSpan Recovered { get; init; }

    /// <summary>When the other hosts had declared the host dead; null when they did not, or need not.</summary>
    public TimeSpan? Detected { get; init; }

    /// <summary>Whether a host was not ready in time and had to be killed.</summary>
    public bool Stuck { get; init; }
}
