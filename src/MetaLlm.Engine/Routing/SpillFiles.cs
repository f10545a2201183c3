using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MetaLlm.Engine.Routing;

/// <summary>
/// What waits on disk until it can be recorded: files of lines, each an entry in JSON. A file belongs to the process that has it open; one that nobody has open was
/// left behind and is anybody's to record.
/// </summary>
/// <remarks>Safe for concurrent use. An entry may be in more than one file, and may be recorded already.</remarks>
/// <typeparam name="T">The entries.</typeparam>
/// <param name="directory">The directory; it is created when it is needed.</param>
/// <param name="kind">What the files are called, before a hyphen.</param>
/// <param name="type">How entries are written.</param>
/// <param name="complete">Gives an entry what an earlier release did not write; null for nothing.</param>
internal sealed class SpillFiles<T>(string directory, string kind, JsonTypeInfo<T> type, Func<T, T>? complete = null) : IDisposable
    where T : class
{
    private readonly SemaphoreSlim _turn = new(1);
    private FileStream? _own;

    private string Pattern => $"{kind}-*.jsonl";

    /// <summary>Writes an entry down.</summary>
    /// <exception cref="IOException">It is not on disk.</exception>
    public async Task WriteAsync(T entry)
    {
        var line = JsonSerializer.SerializeToUtf8Bytes(entry, type);
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

    /// <summary>Takes all files that nobody else has open, the own one among them, those that were begun first before the others.</summary>
    public async Task<IReadOnlyList<SpillFile<T>>> TakeAsync()
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            if (_own is not null)
            {
                await _own.DisposeAsync().ConfigureAwait(false);
                _own = null;
            }

            var files = new List<SpillFile<T>>();
            if (Directory.Exists(directory))
            {
                foreach (var path in Directory.EnumerateFiles(directory, Pattern).Order(StringComparer.Ordinal))
                {
                    if (await SpillFile<T>.OpenAsync(path, type, complete).ConfigureAwait(false) is { } file)
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
        var path = Path.Combine(directory, string.Create(CultureInfo.InvariantCulture, $"{kind}-{DateTime.UtcNow.Ticks:x16}{Guid.NewGuid():N}.jsonl"));
        return new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
    }
}
