namespace MetaLlm.Lab.Reports;

/// <summary>A table of a page. Cells that start with <c>not met</c> or <c>below</c> are shown as losses.</summary>
/// <param name="Columns">Titles; all but the first column are aligned to the right.</param>
/// <param name="Rows">Cells, one per column.</param>
internal sealed record ReportTable(IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows);
