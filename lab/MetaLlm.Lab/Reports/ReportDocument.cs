namespace MetaLlm.Lab.Reports;

/// <summary>A page of tables and plots.</summary>
/// <param name="Title">Title of the page.</param>
/// <param name="Lead">What it shows, in a few sentences.</param>
/// <param name="Cards">Figures to see first, each with its label.</param>
/// <param name="Sections">The sections in order.</param>
/// <param name="Foot">Small print.</param>
internal sealed record ReportDocument(
    string Title, string Lead, IReadOnlyList<string[]> Cards, IReadOnlyList<ReportSection> Sections, string Foot)
{
    /// <summary>Renders the page as HTML.</summary>
    public string Render() => ReportPage.Render("report.html", this);
}
