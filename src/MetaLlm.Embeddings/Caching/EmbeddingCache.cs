using System.Collections.Concurrent;
using System.Globalization;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Embeddings.Caching;

/// <summary>Vectors of one model on disk, by the SHA-256 of their text.</summary>
/// <remarks>
/// Every writer appends to a segment file of its own, so processes may share a directory without waiting for each other;
/// each sees what the others had written when it opened. A record that a crash tore is recognised by its checksum and
/// counts as absent. Safe for concurrent use.
/// </remarks>
public sealed class EmbeddingCache : IDisposable
{
    private readonly int _dimensions;
    private readonly List<CacheSegment> _segments;
    private readonly CacheSegment _own;
    private readonly ConcurrentDictionary<TextKey, (CacheSegment Segment, long Offset)> _index = new();
    private readonly SemaphoreSlim _appending = new(1, 1);

    private EmbeddingCache(EmbeddingModelInfo model, List<CacheSegment> segments, CacheSegment own)
    {
        ModelId = model.Name;
        _dimensions = model.Dimensions;
        _segments = segments;
        _own = own;
        foreach (var segment in segments)
        {
            foreach (var (key, offset) in segment.Index())
            {
                _index[key] = (segment, offset);
            }
        }
    }

    /// <summary>Where caches are kept unless told otherwise: <c>metallm/embeddings</c> in the user's cache folder.</summary>
    /// <value>Below <c>$XDG_CACHE_HOME</c>; without it below <c>%LOCALAPPDATA%</c> on Windows and <c>~/.cache</c> elsewhere.</value>
    public static string DefaultDirectory
    {
        get
        {
            var folder = Environment.GetEnvironmentVariable("XDG_CACHE_HOME");
            if (string.IsNullOrEmpty(folder))
            {
                folder = OperatingSystem.IsWindows()
                    ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
                    : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
            }

            return Path.Combine(folder, "metallm", "embeddings");
        }
    }

    /// <summary>The model whose vectors are kept.</summary>
    public string ModelId { get; }

    /// <summary>Texts whose vectors are known.</summary>
    public int Count => _index.Count;

    /// <summary>Opens the cache of a model, creating it where it does not exist.</summary>
    /// <param name="directory">Shared by all models; each has a folder of its own in it.</param>
    /// <param name="model">The model.</param>
    /// <returns>The cache; it holds files open until it is disposed.</returns>
    /// <exception cref="IOException">The directory or a file in it cannot be opened.</exception>
    public static EmbeddingCache Open(string directory, EmbeddingModelInfo model)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(directory);
        ArgumentNullException.ThrowIfNull(model);
        var folder = Path.Combine(directory, FolderName(model));
        Directory.CreateDirectory(folder);
        var recordLength = CacheRecord.Length(model.Dimensions);
        var segments = new List<CacheSegment>();
        try
        {
            var (own, ownPath) = OpenOwn(folder, recordLength);
            segments.Add(own);
            foreach (var path in Directory.EnumerateFiles(folder, "*.vectors").Where(path => path != ownPath).Order(StringComparer.Ordinal))
            {
                segments.Add(CacheSegment.OpenToRead(path, recordLength));
            }

            return new EmbeddingCache(model, segments, own);
        }
        catch
        {
            segments.ForEach(segment => segment.Dispose());
            throw;
        }
    }

    /// <summary>The vector of a text, or null when it is not known or its record is damaged.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>A vector owned by the caller.</returns>
    public async ValueTask<float[]?> FindAsync(string text, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(text);
        var key = TextKey.Of(text);
        if (!_index.TryGetValue(key, out var place))
        {
            return null;
        }

        var vector = await place.Segment.ReadAsync(key, place.Offset, cancellationToken).ConfigureAwait(false);
        if (vector is null)
        {
            _index.TryRemove(KeyValuePair.Create(key, place));
        }

        return vector;
    }

    /// <summary>Stores vectors, all of them in one append.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="vectors">Their vectors, in the same order.</param>
    /// <param name="cancellationToken">Cancels the wait for another append, not an append that has begun.</param>
    /// <exception cref="ArgumentException">The numbers of texts and vectors differ, or a vector has the wrong length.</exception>
    public async ValueTask AddAsync(IReadOnlyList<string> texts, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(texts);
        ArgumentNullException.ThrowIfNull(vectors);
        if (texts.Count != vectors.Count)
        {
            throw new ArgumentException($"There are {texts.Count} texts and {vectors.Count} vectors.", nameof(vectors));
        }

        if (vectors.FirstOrDefault(vector => vector.Length != _dimensions) is { } wrong)
        {
            throw new ArgumentException($"A vector has {wrong.Length} entries; the cache of {ModelId} holds {_dimensions}.", nameof(vectors));
        }

        var length = CacheRecord.Length(_dimensions);
        var records = new byte[length * texts.Count];
        var keys = new TextKey[texts.Count];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = TextKey.Of(texts[i]);
            CacheRecord.Write(records.AsSpan(i * length, length), keys[i], vectors[i]);
        }

        await _appending.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var offset = await _own.AppendAsync(records, CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < keys.Length; i++)
            {
                _index[keys[i]] = (_own, offset + (long)i * length);
            }
        }
        finally
        {
            _appending.Release();
        }
    }

    /// <summary>Closes the files. Nothing else may be running on the cache.</summary>
    public void Dispose()
    {
        _segments.ForEach(segment => segment.Dispose());
        _appending.Dispose();
    }

    private static (CacheSegment Segment, string Path) OpenOwn(string folder, int recordLength)
    {
        for (var number = 0; ; number++)
        {
            var path = Path.Combine(folder, string.Create(CultureInfo.InvariantCulture, $"{number:D4}.vectors"));
            if (CacheSegment.TryOpenToWrite(path, recordLength) is { } segment)
            {
                return (segment, path);
            }
        }
    }

    private static string FolderName(EmbeddingModelInfo model)
    {
        var name = string.Concat(model.Name.Select(character => char.IsAsciiLetterOrDigit(character) || character is '-' ? character : '_'));
        // Ids that differ only in replaced characters must not share a folder.
        return string.Create(CultureInfo.InvariantCulture, $"{name}-{model.Dimensions}-{(uint)TextKey.Of(model.Name).First:x8}");
    }
}
