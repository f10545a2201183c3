namespace MetaLlm.Engine.Usage;

/// <summary>By what sums per hour are kept apart.</summary>
public enum UsageDimension
{
    /// <summary>The model that answered; failed attempts count for the model that failed.</summary>
    Model = 1,

    /// <summary>The kind of task that clients named; empty where they named none.</summary>
    Task = 2,

    /// <summary>The id of the key that the request came with; empty for a key of the configuration, and for none.</summary>
    Key = 3,
}
