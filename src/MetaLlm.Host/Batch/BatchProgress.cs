using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>
/// What has become of a batch so far, in a file that survives the death of the process: a line when a call is about to be made, and one when it has ended. Each is on disk before the batch goes on.
/// Safe for concurrent use.
/// </summary>
internal sealed class BatchProgress : IDisposable
{
    private readonly Lock _gate = new();
    private readonly FileStream _file;
    private readonly Dictionary<int, BatchOutcome> _results = [];
    private readonly Dictionary<int, (string Model, double HeldUsd)> _begun = [];
    private readonly Dictionary<int, BatchLosses> _losses = [];

    private BatchProgress(FileStream file, string job) => (_file, Job) = (file, job);

    /// <summary>Name of the batch, which no other has.</summary>
    public string Job { get; }

    /// <summary>USD spent by calls that ended, and by those of which it is known that nothing will be heard.</summary>
    public double SpentUsd { get; private set; }

    /// <summary>Lines whose call had begun and not ended when the process before died, with their model and what was set aside. They stay so on disk until the line is called again.</summary>
    public IReadOnlyDictionary<int, (string Model, double HeldUsd)> Begun => _begun;

    /// <summary>Results by line.</summary>
    public IReadOnlyDictionary<int, BatchOutcome> Results => _results;

    /// <summary>Opens the progress of a batch, or begins it.</summary>
    /// <param name="path">The file.</param>
    /// <param name="input">Hash of the batch's file.</param>
    /// <exception cref="BatchException">The progress is that of another file, another process works on it, or it cannot be read or written.</exception>
    public static BatchProgress Open(string path, string input)
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

    /// <summary>A call is about to be made. One that had begun before and of which nothing was heard is taken to have cost what was set aside.</summary>
    public void Begin(int line, string model, double heldUsd) => Write(new JsonObject { ["begin"] = line, ["model"] = model, ["held_usd"] = heldUsd });

    /// <summary>A call has ended without an answer that counts.</summary>
    /// <param name="line">The line.</param>
    /// <param name="model">The model.</param>
    /// <param name="costUsd">What the call has cost, or can have cost at most.</param>
    /// <param name="isUnknown">Whether nobody says what became of it.</param>
    public void Fail(int line, string model, double costUsd, bool isUnknown) =>
        Write(new JsonObject { ["fail"] = line, ["model"] = model, ["usd"] = costUsd, ["unknown"] = isUnknown });

    /// <summary>A line has its result.</summary>
    /// <param name="line">The line.</param>
    /// <param name="costUsd">USD to count for it, which is negative where more was counted for its call before.</param>
    /// <param name="result">The line of the results.</param>
    public void End(int line, double costUsd, JsonObject result) => Write(new JsonObject { ["end"] = line, ["usd"] = costUsd, ["result"] = result });

    /// <summary>The call of a line that had begun when the process before died, as <see cref="Begun"/> says, or that runs; null for none.</summary>
    public (string Model, double HeldUsd)? FindBegun(int line)
    {
        lock (_gate)
        {
            return _begun.TryGetValue(line, out var begun) ? begun : null;
        }
    }

    /// <summary>What calls of a line have cost that did not become its result.</summary>
    public BatchLosses Losses(int line)
    {
        lock (_gate)
        {
            return LossesOf(line);
        }
    }

    public void Dispose() => _file.Dispose();

    private static BatchProgress Read(FileStream file, string path, string input)
    {
        using var reader = new StreamReader(file, Encoding.UTF8, leaveOpen: true);
        var text = reader.ReadToEnd();

        // The last line may be torn; what it was to tell has not happened, or is told by its absence.
        var whole = text.LastIndexOf('\n') + 1;
        var lines = text[..whole].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length == 0)
        {
            file.SetLength(0);
            var begun = new BatchProgress(file, Guid.NewGuid().ToString("N"));
            begun.Append(new JsonObject { ["job"] = begun.Job, ["input"] = input });
            return begun;
        }

        try
        {
            var head = Entry(lines[0]);
            if (Required(head, "input").GetValue<string>() != input)
            {
                throw new BatchException($"{path} is the progress of another file than --in names; remove it, or choose another --out.");
            }

            var progress = new BatchProgress(file, Required(head, "job").GetValue<string>());
            foreach (var line in lines.Skip(1))
            {
                progress.Take(Entry(line));
            }

            file.SetLength(Encoding.UTF8.GetByteCount(text.AsSpan(0, whole)));
            file.Seek(0, SeekOrigin.End);
            return progress;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new BatchException($"{path} is no progress of a batch: {e.Message}");
        }
    }

    private void Take(JsonObject entry)
    {
        if ((int?)entry["begin"] is { } begun)
        {
            if (_begun.TryGetValue(begun, out var before))
            {
                SpentUsd += before.HeldUsd;
                LossesOf(begun).Add(before.Model, before.HeldUsd, isUnknown: true);
            }

            _begun[begun] = (Required(entry, "model").GetValue<string>(), Required(entry, "held_usd").GetValue<double>());
            return;
        }

        var usd = Required(entry, "usd").GetValue<double>();
        SpentUsd += usd;
        var line = (entry["end"] ?? Required(entry, "fail")).GetValue<int>();
        _begun.Remove(line);
        if (entry["result"] is { } result)
        {
            _results[line] = BatchOutcome.Of(result);
            _losses.Remove(line);
        }
        else
        {
            LossesOf(line).Add((string?)entry["model"] ?? "", usd, (bool?)entry["unknown"] ?? false);
        }
    }

    private BatchLosses LossesOf(int line) => _losses.TryGetValue(line, out var losses) ? losses : _losses[line] = new BatchLosses();

    private static JsonObject Entry(string line) => JsonNode.Parse(line) as JsonObject ?? throw new JsonException("A line is no object.");

    private static JsonNode Required(JsonObject entry, string member) => entry[member] ?? throw new JsonException($"A line has no '{member}'.");

    private void Write(JsonObject entry)
    {
        lock (_gate)
        {
            Append(entry);
            Take(entry);
        }
    }

    private void Append(JsonObject entry)
    {
        _file.Write(Encoding.UTF8.GetBytes(entry.ToJsonString() + "\n"));
        _file.Flush(flushToDisk: true);
    }
}
