using System.Globalization;
using System.IO.Compression;
using System.Text.Json;
using System.Text.Json.Serialization;
using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Journal;

/// <summary>
/// Decisions that went out of journals, in files: <c>tenant=NAME/day=YYYY-MM-DD/FIRST-LAST.jsonl.gz</c>, a decision a line. Numbers are written so that they come back bit for bit.
/// </summary>
/// <param name="directory">The directory; it is created when something is written.</param>
public sealed class JournalArchive(string directory)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        IgnoreReadOnlyProperties = true,
    };

    /// <summary>Writes decisions; they are on the disk when it returns. Written again after an interruption, they take the same files' place.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="decisions">Its decisions, in order.</param>
    /// <param name="cancellationToken">Cancels between files; a file is there whole, or not at all.</param>
    /// <exception cref="IOException">The directory cannot be written.</exception>
    public async Task WriteAsync(string tenant, IReadOnlyList<ArchivedDecision> decisions, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(decisions);
        foreach (var day in decisions.GroupBy(one => one.Stored.Decision.At.UtcDateTime.Date))
        {
            var folder = Path.Combine(FolderOf(tenant), string.Create(CultureInfo.InvariantCulture, $"day={day.Key:yyyy-MM-dd}"));
            Directory.CreateDirectory(folder);
            var (first, last) = (day.First().Stored.Decision.Ordinal, day.Last().Stored.Decision.Ordinal);
            var file = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{first:D12}-{last:D12}.jsonl.gz"));
            await WriteFileAsync(file, day, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Reads all decisions of a tenant, by ordinal, each once.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Cancels between lines.</param>
    /// <exception cref="InvalidDataException">A file is damaged; the message names it.</exception>
    public async Task<IReadOnlyList<ArchivedDecision>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var found = new SortedDictionary<long, ArchivedDecision>();
        var folder = FolderOf(tenant);
        foreach (var file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories) : [])
        {
            await ReadFileAsync(file, found, cancellationToken).ConfigureAwait(false);
        }

        return [.. found.Values];
    }

    /// <summary>The files, by tenant, day and name.</summary>
    /// <param name="tenant">The tenant; null for all.</param>
    /// <param name="limit">Most files.</param>
    /// <exception cref="IOException">The directory cannot be read.</exception>
    public IReadOnlyList<ArchiveFile> List(string? tenant, int limit)
    {
        var folder = tenant is null ? directory : FolderOf(tenant);
        if (!Directory.Exists(folder))
        {
            return [];
        }

        return
        [
            .. from file in Directory.EnumerateFiles(folder, "*.jsonl.gz", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Take(limit)
               let day = Path.GetDirectoryName(file)!
               select new ArchiveFile(
                   Uri.UnescapeDataString(ValueOf(Path.GetDirectoryName(day)!)), ValueOf(day), Path.GetFileName(file), new FileInfo(file).Length),
        ];
    }

    private static string ValueOf(string folder) => Path.GetFileName(folder).Split('=', 2)[^1];

    private static async Task WriteFileAsync(string file, IEnumerable<ArchivedDecision> decisions, CancellationToken cancellationToken)
    {
        var part = file + ".part";
        var stream = new FileStream(part, FileMode.Create, FileAccess.Write, FileShare.None);
        await using (stream.ConfigureAwait(false))
        {
            var compressed = new GZipStream(stream, CompressionLevel.Optimal, leaveOpen: true);
            await using (compressed.ConfigureAwait(false))
            {
                foreach (var decision in decisions)
                {
                    await JsonSerializer.SerializeAsync(compressed, decision, Json, cancellationToken).ConfigureAwait(false);
                    compressed.WriteByte((byte)'\n');
                }
            }

            stream.Flush(flushToDisk: true);
        }

        File.Move(part, file, overwrite: true);
    }

    private static async Task ReadFileAsync(string file, SortedDictionary<long, ArchivedDecision> found, CancellationToken cancellationToken)
    {
        try
        {
            using var reader = new StreamReader(new GZipStream(File.OpenRead(file), CompressionMode.Decompress));
            while (await reader.ReadLineAsync(cancellationToken).ConfigureAwait(false) is { } line)
            {
                var decision = JsonSerializer.Deserialize<ArchivedDecision>(line, Json)!;
                found[decision.Stored.Decision.Ordinal] = decision;
            }
        }
        catch (Exception error) when (error is JsonException or InvalidDataException or EndOfStreamException)
        {
            throw new InvalidDataException($"{file} is damaged. {error.Message}", error);
        }
    }

    private string FolderOf(string tenant) => Path.Combine(directory, $"tenant={Uri.EscapeDataString(tenant)}");
}
