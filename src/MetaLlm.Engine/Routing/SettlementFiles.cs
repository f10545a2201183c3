using System.Text.Json;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// Settlements that wait on disk: files of lines, each a settlement in JSON. A file belongs to the process that has it open; one that nobody has open was
/// left behind and is anybody's to record.
/// </summary>
/// <remarks>Safe for concurrent use. A settlement may be in more than one file, and may be recorded already: a decision is settled once.</remarks>
/// <param name="directory">The directory; it is created when it is needed.</param>
internal sealed class SettlementFiles(string directory) : IDisposable
{
    private const string Pattern = "settlements-*.jsonl";

    private readonly SemaphoreSlim _turn = new(1);
    private FileStream? _own;

    /// <summary>Writes a settlement down.</summary>
    /// <exception cref="IOException">It is not on disk.</exception>
    public async Task WriteAsync(SpilledSettlement settlement)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(settlement, SpilledSettlementJson.Default.SpilledSettlement);
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            _own ??= Create();
            await _own.WriteAsync((byte[])[.. line, (byte)'\n']).ConfigureAwait(false);
            _own.Flush(flushToDisk: true);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes all files that nobody else has open, the own one among them.</summary>
    public async Task<IReadOnlyList<SettlementFile>> TakeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_own is not null)
            {
                await _own.DisposeAsync().ConfigureAwait(false);
                _own = null;
            }

            var files = new List<SettlementFile>();
            if (Directory.Exists(directory))
            {
                foreach (var path in Directory.EnumerateFiles(directory, Pattern))
                {
                    if (await SettlementFile.OpenAsync(path).ConfigureAwait(false) is { } file)
                    {
                        files.Add(file);
                    }
                }
            }

            return files;
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose()
    {
        _own?.Dispose();
        _turn.Dispose();
    }

    private FileStream Create()
    {
        Directory.CreateDirectory(directory);
        var path = Path.Combine(directory, Pattern.Replace("*", Guid.NewGuid().ToString("N"), StringComparison.Ordinal));
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }
}
