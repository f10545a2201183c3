namespace MetaLlm.Core.Cascades;

/// <summary>That answers are weighed before they leave, and who may take over.</summary>
public sealed record CascadeSettings
{
    /// <summary>Ids of the arms that may take over, at least one; null for every other arm.</summary>
    public IReadOnlyList<string>? Models { get; init; }
}
