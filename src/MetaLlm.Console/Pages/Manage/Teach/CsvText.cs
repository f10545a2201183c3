using System.Text;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>Reads CSV as RFC 4180 has it: the first line names the columns, quotes protect separators and line ends, and a quote within them stands twice. An empty cell is a hole; one of two quotes is a text without characters.</summary>
internal static class CsvText
{
    private static readonly char[] Separators = [',', ';', '\t'];

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text. Its separator is the one of comma, semicolon and tab that its first line has most of.</param>
    /// <param name="mostRows">Most rows.</param>
    /// <exception cref="ApiException">It cannot be read; the error names the line.</exception>
    public static UploadTable Read(string text, int mostRows)
    {
        var end = text.IndexOfAny(['\r', '\n']);
        var head = end < 0 ? text : text[..end];
        var separator = Separators.MaxBy(candidate => head.Count(c => c == candidate));
        var (at, line) = (0, 1);
        var columns = Record(text, ref at, ref line, separator).Select(cell => cell?.Trim() ?? "").ToArray();
        if (columns.GroupBy(name => name).FirstOrDefault(group => group.Key.Length == 0 || group.Count() > 1) is { } wrong)
        {
            throw ApiException.BadField("file", wrong.Key.Length == 0 ? "has a column without a name in its first line." : $"has two columns '{wrong.Key}'.");
        }

        if (columns.Length > UploadTable.MostColumns)
        {
            throw ApiException.BadField("file", $"has {columns.Length} columns; {UploadTable.MostColumns} are the most.");
        }

        var rows = new List<UploadRow>();
        while (at < text.Length)
        {
            var begin = line;
            var cells = Record(text, ref at, ref line, separator);
            if (cells is [null])
            {
                continue;
            }

            if (cells.Count != columns.Length)
            {
                throw ApiException.BadField("file", $"has {cells.Count} cells on line {begin}; its first line names {columns.Length} columns.");
            }

            rows.Add(rows.Count < mostRows ? new UploadRow(begin, [.. cells]) : throw ApiException.BadField("file", $"has more than {mostRows} rows."));
        }

        return new UploadTable(columns, rows);
    }

    private static List<string?> Record(string text, ref int at, ref int line, char separator)
    {
        var cells = new List<string?>();
        var begin = line;
        while (true)
        {
            cells.Add(Cell(text, ref at, ref line, separator, begin));
            if (at >= text.Length)
            {
                return cells;
            }

            var c = text[at++];
            if (c == separator)
            {
                continue;
            }

            at += c == '\r' && at < text.Length && text[at] == '\n' ? 1 : 0;
            line++;
            return cells;
        }
    }

    private static string? Cell(string text, ref int at, ref int line, char separator, int begin)
    {
        if (at >= text.Length || text[at] != '"')
        {
            var start = at;
            while (at < text.Length && text[at] != separator && text[at] is not ('\r' or '\n'))
            {
                at++;
            }

            var plain = text[start..at].Trim();
            return plain.Length == 0 ? null : plain;
        }

        var cell = new StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] == '"')
            {
                if (at + 1 < text.Length && text[at + 1] == '"')
                {
                    at++;
                }
                else
                {
                    at++;
                    return at >= text.Length || text[at] == separator || text[at] is '\r' or '\n' ? cell.ToString() : throw ApiException.BadField("file", $"has text behind a closing quote on line {line}.");
                }
            }

            line += text[at] == '\n' ? 1 : 0;
            cell.Append(text[at]);
        }

        throw ApiException.BadField("file", $"has a quote on line {begin} that is never closed.");
    }
}
