using System.Text;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>A file as a table: CSV with a line of names, or JSON lines, whose members are columns.</summary>
/// <param name="Columns">Names of the columns, each once.</param>
/// <param name="Rows">The rows.</param>
internal sealed record UploadTable(IReadOnlyList<string> Columns, IReadOnlyList<UploadRow> Rows)
{
    /// <summary>Most columns of a file.</summary>
    public const int MostColumns = 1000;

    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads a file.</summary>
    /// <param name="content">The file: UTF-8, with or without a byte order mark.</param>
    /// <param name="mostRows">Most rows.</param>
    /// <exception cref="ApiException">It cannot be read; the error names the line.</exception>
    public static UploadTable Read(ReadOnlySpan<byte> content, int mostRows)
    {
        string text;
        try
        {
            text = Strict.GetString(content.StartsWith("\uFEFF"u8) ? content[3..] : content);
        }
        catch (DecoderFallbackException)
        {
            throw ApiException.BadField("file", "is no text in UTF-8.");
        }

        var table = text.AsSpan().TrimStart().StartsWith("{", StringComparison.Ordinal) ? JsonLines.Read(text, mostRows) : CsvText.Read(text, mostRows);
        return table.Rows.Count > 0 ? table : throw ApiException.BadField("file", "has no rows.");
    }
}
