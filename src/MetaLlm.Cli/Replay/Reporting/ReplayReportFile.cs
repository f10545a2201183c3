using System.Text.Encodings.Web;
using System.Text.Json;

namespace MetaLlm.Cli.Replay.Reporting;

/// <summary>The report file: a JSON array with one object per policy and trade-off.</summary>
internal static class ReplayReportFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Model names are printed as they are; the file is not embedded in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Checks before any work that the file can be written.</summary>
    /// <exception cref="BadInputException">Its directory does not exist, or the path is a directory.</exception>
    public static void Check(string file)
    {
        if (file.Length == 0 || Directory.Exists(file))
        {
            throw new BadInputException($"--json: '{file}' is not usable; it must be the path of a file.");
        }

        var directory = Path.GetDirectoryName(Path.GetFullPath(file))!;
        if (!Directory.Exists(directory))
        {
            throw new BadInputException($"--json: there is no directory {directory}.");
        }
    }

    /// <summary>Writes the whole file or nothing: readers see the old content until the new one is complete.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="reports">Its content.</param>
    /// <param name="cancellationToken">Cancels before the file is put in place.</param>
    public static async Task WriteAsync(string file, IReadOnlyList<ReplayReport> reports, CancellationToken cancellationToken)
    {
        var temporary = $"{Path.GetFullPath(file)}.{Environment.ProcessId}.tmp";
        try
        {
            await using (var stream = File.Create(temporary))
            {
                await JsonSerializer.SerializeAsync(stream, reports, Json, cancellationToken);
                await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
                stream.Flush(flushToDisk: true);
            }

            File.Move(temporary, file, overwrite: true);
        }
        finally
        {
            File.Delete(temporary);
        }
    }
}
