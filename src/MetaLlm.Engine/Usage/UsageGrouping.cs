namespace MetaLlm.Engine.Usage;

/// <summary>What a row of a usage report stands for.</summary>
public enum UsageGrouping
{
    /// <summary>A day, UTC, as <c>2026-03-31</c>.</summary>
    Day = 0,

    /// <summary>The model that answered.</summary>
    Model = 1,

    /// <summary>The kind of task that clients named; empty where they named none.</summary>
    Task = 2,

    /// <summary>A tenant.</summary>
    Tenant = 3,

    /// <summary>The id of the key that the request came with; empty for a key of the configuration, and for none.</summary>
    Key = 4,
}
