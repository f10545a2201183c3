namespace MetaLlm.Storage.Search;

/// <summary>The ordinals that there are.</summary>
internal sealed class DecisionSearchEnds
{
    /// <summary>The first.</summary>
    public long Low { get; init; }

    /// <summary>The one after the last.</summary>
    public long High { get; init; }
}
