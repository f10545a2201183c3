using Spectre.Console;

namespace MetaLlm.Lab;

/// <summary>A table that is drawn on a terminal and printed as aligned plain text anywhere else.</summary>
/// <param name="columns">Titles of the columns.</param>
internal sealed class TextTable(params string[] columns)
{
    private readonly List<string[]> _rows = [];

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One cell per column.</param>
    public void Add(params string[] cells)
    {
        if (cells.Length != columns.Length)
        {
            throw new ArgumentException($"A row has {columns.Length} cells, not {cells.Length}.", nameof(cells));
        }

        _rows.Add(cells);
    }

    /// <summary>Draws the table on a terminal.</summary>
    public void Draw(IAnsiConsole console)
    {
        var table = new Table().Border(TableBorder.Rounded);
        foreach (var column in columns)
        {
            table.AddColumn(new TableColumn(Markup.Escape(column)) { NoWrap = true });
        }

        foreach (var row in _rows)
        {
            table.AddRow(row.Select(cell => new Text(cell)));
        }

        console.Write(table);
    }

    /// <summary>Prints the table as plain text: no colours, no frames, columns separated by two spaces.</summary>
    public void Print(TextWriter writer)
    {
        int[] widths = [.. columns.Select((title, i) => _rows.Select(r => r[i].Length).Append(title.Length).Max())];
        foreach (var row in _rows.Prepend(columns))
        {
            writer.WriteLine(string.Join("  ", row.Select((cell, i) => cell.PadRight(widths[i]))).TrimEnd());
        }
    }
}
