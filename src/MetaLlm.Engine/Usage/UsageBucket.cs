namespace MetaLlm.Engine.Usage;

/// <summary>How long a time one sum is over.</summary>
public enum UsageBucket
{
    /// <summary>The whole span that is asked for.</summary>
    Span = 0,

    /// <summary>An hour, UTC.</summary>
    Hour = 1,

    /// <summary>A day, UTC.</summary>
    Day = 24,
}
