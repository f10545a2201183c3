using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>A batch's progress in a file that survives the death of the process: a line for each state of a query, of which the last one counts. Each is on disk before the batch goes on.</summary>
internal sealed class ProgressFile : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly Dictionary<int, string> _results = [];

    private ProgressFile(FileStream file, string job, Dictionary<int, BatchLineState> known)
    {
        _file = file;
        foreach (var (line, state) in known)
        {
            Take(line, state);
        }

        Progress = new BatchProgress(job, known, Save);
    }

    /// <summary>What has become of the batch.</summary>
    public BatchProgress Progress { get; }

    /// <summary>The lines of the results, by query; read once all have one.</summary>
    public IReadOnlyDictionary<int, string> Results => _results;

    /// <summary>Opens the progress of a batch, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Hash of the batch's file.</param>
    /// <exception cref="BatchException">The progress is that of another file, another process works on it, or it cannot be read or written.</exception>
    public static ProgressFile Open(string path, string input)
    {
        try
        {
            var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            try
            {
                return Read(file, path, input);
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BatchException($"{path} cannot be used, or another process works on it: {e.Message}");
        }
    }

    public void Dispose() => _file.Dispose();

    private static ProgressFile Read(FileStream file, string path, string input)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();

        // The last line may be torn; what it was to tell has not happened, or is told by its absence.
        var whole = text.LastIndexOf('\n') + 1;
        var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            file.SetLength(0);
            var begun = new ProgressFile(file, Guid.NewGuid().ToString("N"), []);
            begun.Append(new JsonObject { ["job"] = begun.Progress.Job, ["input"] = input });
            return begun;
        }

        try
        {
            var head = Entry(lines[0]);
            if (Required(head, "input").GetValue<string>() != input)
            {
                throw new BatchException($"{path} is the progress of another file than --in names; remove it, or choose another --out.");
            }

            var known = new Dictionary<int, BatchLineState>();
            foreach (var entry in lines.Skip(1).Select(Entry))
            {
                known[Required(entry, "line").GetValue<int>()] = BatchLineState.Of(Required(entry, "state"));
            }

            file.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
            file.Seek(0, SeekOrigin.End);
            return new ProgressFile(file, Required(head, "job").GetValue<string>(), known);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new BatchException($"{path} is no progress of a batch: {e.Message}");
        }
    }

    private static JsonObject Entry(string line) => BatchJson.Read(line) as JsonObject ?? throw new JsonException("A line is no object.");

    private static JsonNode Required(JsonObject entry, string member) => entry[member] ?? throw new JsonException($"A line has no '{member}'.");

    private ValueTask Save(int line, BatchLineState state)
    {
        lock (_gate)
        {
            Append(new JsonObject { ["line"] = line, ["state"] = state.ToJson() });
            Take(line, state);
        }

        return ValueTask.CompletedTask;
    }

    private void Take(int line, BatchLineState state)
    {
        if (state.Result is { } result)
        {
            _results[line] = result.ToJsonString();
        }
    }

    private void Append(JsonObject entry)
    {
        _file.Write(Encoding.UTF8.GetBytes(entry.ToJsonString() + "\n"));
        _file.Flush(flushToDisk: true);
    }
}
