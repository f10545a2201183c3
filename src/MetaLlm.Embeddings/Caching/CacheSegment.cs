using Microsoft.Win32.SafeHandles;

namespace MetaLlm.Embeddings.Caching;

/// <summary>One append-only file of records. Many may read it; the one that holds its lock file writes it.</summary>
internal sealed class CacheSegment : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly FileStream? _lock;
    private readonly int _recordLength;
    private long _end;

    private CacheSegment(SafeFileHandle file, FileStream? @lock, int recordLength)
    {
        _file = file;
        _lock = @lock;
        _recordLength = recordLength;
        _end = RandomAccess.GetLength(file) / recordLength * recordLength;
    }

    /// <summary>Opens a segment that another may be writing.</summary>
    public static CacheSegment OpenToRead(string path, int recordLength) =>
        new(File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), null, recordLength);

    /// <summary>Opens or creates a segment for writing; null when another cache, in this process or in another, writes it.</summary>
    public static CacheSegment? TryOpenToWrite(string path, int recordLength)
    {
        var lockPath = Path.ChangeExtension(path, ".lock");
        FileStream @lock;
        try
        {
            @lock = new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(lockPath))
        {
            return null;
        }

        try
        {
            var file = File.OpenHandle(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
            return new CacheSegment(file, @lock, recordLength);
        }
        catch
        {
            @lock.Dispose();
            throw;
        }
    }

    /// <summary>Keys and offsets of all whole records. What a crash left behind the last one is overwritten by the next append.</summary>
    public IEnumerable<(TextKey Key, long Offset)> Index()
    {
        var key = new byte[TextKey.Length];
        for (long offset = 0; offset < _end; offset += _recordLength)
        {
            if (RandomAccess.Read(_file, key, offset) == key.Length)
            {
                yield return (TextKey.Read(key), offset);
            }
        }
    }

    /// <summary>The vector at an offset, or null when the record there is damaged or belongs to another text.</summary>
    public async ValueTask<float[]?> ReadAsync(TextKey key, long offset, CancellationToken cancellationToken)
    {
        var record = new byte[_recordLength];
        var read = await RandomAccess.ReadAsync(_file, record, offset, cancellationToken).ConfigureAwait(false);
        return read == record.Length ? CacheRecord.Read(record, key) : null;
    }

    /// <summary>Writes records behind the last whole one and returns where they begin. One call at a time.</summary>
    public async ValueTask<long> AppendAsync(ReadOnlyMemory<byte> records, CancellationToken cancellationToken)
    {
        var offset = _end;
        await RandomAccess.WriteAsync(_file, records, offset, cancellationToken).ConfigureAwait(false);
        _end += records.Length;
        return offset;
    }

    public void Dispose()
    {
        _file.Dispose();
        _lock?.Dispose();
    }
}
