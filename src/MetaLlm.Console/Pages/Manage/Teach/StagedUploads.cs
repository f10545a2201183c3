using System.Buffers.Text;
using System.Security.Cryptography;
using MetaLlm.Gateway.Http;

namespace MetaLlm.WebConsole.Pages.Manage.Teach;

/// <summary>Keeps files between being sent and being taught, in memory, for whoever sent them: a few at a time, for half an hour. Safe for concurrent use.</summary>
internal sealed class StagedUploads(TimeProvider time)
{
    /// <summary>Most files at once; the oldest goes for a new one.</summary>
    public const int Most = 16;

    /// <summary>Most bytes of all files together.</summary>
    public const long MostBytes = 128L * 1024 * 1024;

    private static readonly TimeSpan Life = TimeSpan.FromMinutes(30);
    private readonly Lock _lock = new();
    private readonly List<Staged> _kept = [];

    /// <summary>Keeps a file.</summary>
    /// <param name="actor">Who sent it.</param>
    /// <param name="tenant">The tenant that it is for.</param>
    /// <param name="name">Its name.</param>
    /// <param name="content">The file.</param>
    /// <returns>An id that cannot be guessed.</returns>
    /// <exception cref="ApiException">It is larger than all files together may be.</exception>
    public string Add(string actor, string tenant, string name, byte[] content)
    {
        if (content.Length > MostBytes)
        {
            throw new ApiException(ErrorCode.RequestTooLarge, $"The file has {content.Length} bytes; at most {MostBytes} are legal.", "file");
        }

        var id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(16));
        lock (_lock)
        {
            _kept.RemoveAll(one => one.Until <= time.GetUtcNow());
            while (_kept.Count >= Most || _kept.Sum(one => (long)one.Content.Length) + content.Length > MostBytes)
            {
                _kept.RemoveAt(0);
            }

            _kept.Add(new Staged(id, actor, tenant, name, content, time.GetUtcNow() + Life));
        }

        return id;
    }

    /// <summary>Finds a file.</summary>
    /// <param name="actor">Who asks.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="id">Its id.</param>
    /// <returns>The file; null where it is gone, or somebody else's.</returns>
    public (string Name, byte[] Content)? Find(string actor, string tenant, string id)
    {
        lock (_lock)
        {
            return _kept.Find(one => one.Id == id && one.Actor == actor && one.Tenant == tenant && one.Until > time.GetUtcNow()) is { } found ? (found.Name, found.Content) : null;
        }
    }

    private sealed record Staged(string Id, string Actor, string Tenant, string Name, byte[] Content, DateTimeOffset Until);
}
