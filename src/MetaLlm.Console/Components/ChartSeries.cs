namespace MetaLlm.WebConsole.Components;

/// <summary>A curve of a chart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Points">Its points, in ascending order of position.</param>
public sealed record ChartSeries(string Name, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>Whether its points are marks without a line.</summary>
    public bool Marks { get; init; }

    /// <summary>Whether the line is dashed, as of what is compared with. Marks are empty then.</summary>
    public bool Dashed { get; init; }
}
