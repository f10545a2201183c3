using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace MetaLlm.Engine.Routing;

/// <summary>A file of entries that this process has taken. It stays until <see cref="Delete"/>, whatever happens to the process.</summary>
/// <typeparam name="T">The entries.</typeparam>
internal sealed class SpillFile<T> : IDisposable
    where T : class
{
    private readonly FileStream _file;

    private SpillFile(FileStream file, IReadOnlyList<T> entries, int unreadable)
    {
        _file = file;
        Entries = entries;
        Unreadable = unreadable;
    }

    /// <summary>What it holds.</summary>
    public IReadOnlyList<T> Entries { get; }

    /// <summary>Lines that are no entries: a process may have ended in the midst of the last one.</summary>
    public int Unreadable { get; }

    /// <summary>Opens a file, unless another process has it open or has just deleted it.</summary>
    public static async Task<SpillFile<T>?> OpenAsync(string path, JsonTypeInfo<T> type, Func<T, T>? complete)
    {
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None);
        }
        catch (IOException)
        {
            return null;
        }

        try
        {
            var (entries, unreadable) = (new List<T>(), 0);
            using var reader = new StreamReader(file, leaveOpen: true);
            while (await reader.ReadLineAsync().ConfigureAwait(false) is { } line)
            {
                if (Read(line, type) is { } entry)
                {
                    entries.Add(complete?.Invoke(entry) ?? entry);
                }
                else
                {
                    unreadable++;
                }
            }

            return new SpillFile<T>(file, entries, unreadable);
        }
        catch
        {
            await file.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    public void Delete()
    {
        Dispose();
        File.Delete(_file.Name);
    }

    public void Dispose() => _file.Dispose();

    private static T? Read(string line, JsonTypeInfo<T> type)
    {
        try
        {
            return JsonSerializer.Deserialize(line, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
