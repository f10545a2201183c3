namespace MetaLlm.Lab.Reports;

/// <summary>One curve, or one cloud of points, of a plot.</summary>
/// <param name="Name">Label.</param>
/// <param name="X">Positions, ascending; finite.</param>
/// <param name="Y">Values, one per position.</param>
/// <param name="Style"><c>line</c>, <c>dashed</c>, <c>marked</c> (line and points) or <c>points</c>.</param>
internal sealed record ReportSeries(string Name, IReadOnlyList<double> X, IReadOnlyList<double> Y, string Style = "line");
