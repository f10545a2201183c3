namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>A row of a file.</summary>
/// <param name="Line">The line of the file on which it begins, from 1.</param>
/// <param name="Cells">Its cells in the order of the columns; null for a hole: where nothing stands, while <c>""</c> is a text without characters.</param>
internal sealed record UploadRow(int Line, string?[] Cells);
