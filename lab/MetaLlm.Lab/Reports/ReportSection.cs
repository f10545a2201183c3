namespace MetaLlm.Lab.Reports;

/// <summary>A section of a page: a title, a note, tables, plots.</summary>
/// <param name="Title">Title.</param>
/// <param name="Note">A few sentences.</param>
internal sealed record ReportSection(string Title, string Note)
{
    /// <summary>Tables, shown first.</summary>
    public IReadOnlyList<ReportTable> Tables { get; init; } = [];

    /// <summary>Plots, shown two in a row.</summary>
    public IReadOnlyList<ReportPlot> Plots { get; init; } = [];
}
