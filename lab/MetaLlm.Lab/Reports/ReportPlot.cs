namespace MetaLlm.Lab.Reports;

/// <summary>One plot of a page.</summary>
/// <param name="Title">Title.</param>
/// <param name="XLabel">What the horizontal axis shows.</param>
/// <param name="Series">The curves.</param>
internal sealed record ReportPlot(string Title, string XLabel, IReadOnlyList<ReportSeries> Series)
{
    /// <summary>One or two sentences under the title.</summary>
    public string Note { get; init; } = string.Empty;

    /// <summary>Whether the horizontal axis is logarithmic; positions must then be above 0.</summary>
    public bool LogX { get; init; }

    /// <summary>How values are printed: <c>number</c>, <c>percent</c> or <c>usd</c>.</summary>
    public string YFormat { get; init; } = "number";

    /// <summary>How positions are printed: <c>number</c>, <c>percent</c> or <c>usd</c>.</summary>
    public string XFormat { get; init; } = "number";

    /// <summary>Positions of vertical marks.</summary>
    public IReadOnlyList<double> Marks { get; init; } = [];
}
