using System.Text.Encodings.Web;
using System.Text.Json;
using MetaLlm.Lab.Reports;

namespace MetaLlm.Lab.Replay.Reporting;

/// <summary>The report file: a JSON array with one object per policy and trade-off.</summary>
internal static class ReplayReportFile
{
    /// <summary>How reports are written.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
        // Model names are printed as they are; the file is not embedded in HTML.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>Writes a report, whole or not at all.</summary>
    /// <param name="file">Path of the file.</param>
    /// <param name="content">Its content.</param>
    /// <param name="cancellationToken">Cancels before the file is put in place.</param>
    public static Task WriteAsync<T>(string file, T content, CancellationToken cancellationToken) => OutputFile.WriteAsync(file, async stream =>
    {
        await JsonSerializer.SerializeAsync(stream, content, Json, cancellationToken);
        await stream.WriteAsync("\n"u8.ToArray(), cancellationToken);
    });
}
