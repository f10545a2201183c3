using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>Reads JSON lines as a table: a member of an object within the object is the column <c>outer.inner</c>.</summary>
internal static class JsonLines
{
    private const int Deepest = 8;

    /// <summary>Reads a text.</summary>
    /// <param name="text">The text; empty lines count and say nothing.</param>
    /// <param name="mostRows">Most rows.</param>
    /// <exception cref="ApiException">It cannot be read; the error names the line.</exception>
    public static UploadTable Read(string text, int mostRows)
    {
        var columns = new List<string>();
        var places = new Dictionary<string, int>(StringComparer.Ordinal);
        var read = new List<(int Line, Dictionary<int, string?> Cells)>();
        var line = 0;
        foreach (var part in text.AsSpan().EnumerateLines())
        {
            line++;
            if (part.IsWhiteSpace())
            {
                continue;
            }

            if (read.Count == mostRows)
            {
                throw ApiException.BadField("file", $"has more than {mostRows} rows.");
            }

            var cells = new Dictionary<int, string?>();
            using var document = Parse(part.ToString(), line);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw ApiException.BadField("file", $"has {JsonObjectReader.Name(document.RootElement)} on line {line}; it must be an object.");
            }

            try
            {
                Lay(document.RootElement, "", 0);
            }
            catch (InvalidOperationException)
            {
                throw ApiException.BadField("file", $"has a text on line {line} with an escape that is no character, such as half of a UTF-16 pair.");
            }

            read.Add((line, cells));

            void Lay(JsonElement element, string prefix, int depth)
            {
                foreach (var member in element.EnumerateObject())
                {
                    var name = prefix + member.Name;
                    if (member.Value.ValueKind == JsonValueKind.Object && depth < Deepest)
                    {
                        Lay(member.Value, name + ".", depth + 1);
                        continue;
                    }

                    if (!places.TryGetValue(name, out var place))
                    {
                        if (columns.Count == UploadTable.MostColumns)
                        {
                            throw ApiException.BadField("file", $"has more than {UploadTable.MostColumns} columns on line {line}; {UploadTable.MostColumns} are the most.");
                        }

                        places[name] = place = columns.Count;
                        columns.Add(name);
                    }

                    cells[place] = member.Value.ValueKind switch
                    {
                        JsonValueKind.Null => null,
                        JsonValueKind.String => member.Value.GetString(),
                        _ => member.Value.GetRawText(),
                    };
                }
            }
        }

        return new UploadTable(columns, [.. read.Select(row => new UploadRow(row.Line, [.. Enumerable.Range(0, columns.Count).Select(place => row.Cells.GetValueOrDefault(place))]))]);
    }

    private static JsonDocument Parse(string part, int line)
    {
        try
        {
            return JsonDocument.Parse(part);
        }
        catch (JsonException)
        {
            throw ApiException.BadField("file", $"has no JSON on line {line}.");
        }
    }
}
