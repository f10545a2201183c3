using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Gateway.Configuration;

/// <summary>
/// Reads the files that hold secrets, and notices when they change. It compares what they hold rather than times and links: an orchestrator swaps
/// mounted files behind a symbolic link, and tools that copy may keep times.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
public sealed class SecretFiles
{
    /// <summary>How often files are looked at while somebody watches them. A change is told after two looks.</summary>
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private const int LongestBytes = 64 * 1024;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly Func<string, byte[]> _read;
    private readonly Lock _lock = new();
    private Dictionary<string, Content> _known = new(StringComparer.Ordinal);

    /// <summary>Creates a reader.</summary>
    /// <param name="read">Reads a file whole; null to read those of this machine.</param>
    public SecretFiles(Func<string, byte[]>? read = null) => _read = read ?? ReadFile;

    /// <summary>Forgets what was read before: another reading of the configuration begins.</summary>
    internal void Begin()
    {
        lock (_lock)
        {
            _known = new Dictionary<string, Content>(StringComparer.Ordinal);
        }
    }

    /// <summary>Reads a file. From now on its changes are noticed, even when it cannot be read.</summary>
    /// <returns>What it holds, or what is wrong with it.</returns>
    internal (string? Text, string? Problem) Read(string path)
    {
        var (content, text, problem) = Look(path);
        lock (_lock)
        {
            _known[path] = content;
        }

        return (text, problem);
    }

    /// <summary>
    /// Tells when a file holds something else than when it was read. A change counts once two looks in a row find the same: a file that is being written is not taken half.
    /// </summary>
    /// <param name="time">Spaces the looks.</param>
    /// <param name="changed">Called once for each change; it must not throw.</param>
    /// <returns>Ends the watch when it is disposed.</returns>
    internal IDisposable Watch(TimeProvider time, Action changed)
    {
        var looking = 0;
        return time.CreateTimer(
            _ =>
            {
                // A look that takes longer than the period, at files on a slow network, is not joined by another.
                if (Interlocked.Exchange(ref looking, 1) == 0)
                {
                    try
                    {
                        if (HaveChanged())
                        {
                            changed();
                        }
                    }
                    finally
                    {
                        Volatile.Write(ref looking, 0);
                    }
                }
            },
            null,
            Period,
            Period);
    }

    /// <summary>Looks at every file once.</summary>
    internal bool HaveChanged()
    {
        KeyValuePair<string, Content>[] known;
        lock (_lock)
        {
            known = [.. _known];
        }

        var changed = false;
        foreach (var (path, before) in known)
        {
            var now = Look(path).Content.Digest;
            var settled = now != before.Digest && now == before.Seen;
            changed |= settled;
            lock (_lock)
            {
                // Only where no reading came between.
                if (_known.GetValueOrDefault(path) == before)
                {
                    _known[path] = new Content(settled ? now : before.Digest, now);
                }
            }
        }

        return changed;
    }

    private (Content Content, string? Text, string? Problem) Look(string path)
    {
        try
        {
            var bytes = _read(path);
            var digest = Convert.ToHexString(SHA256.HashData(bytes));
            var text = bytes.Length <= LongestBytes ? Utf8.GetString(bytes).Trim() : null;
            var problem = text switch
            {
                null => $"names the file '{path}', which has more than {LongestBytes} bytes; a secret is shorter.",
                "" => $"names the file '{path}', which is empty.",
                _ when text.Any(c => char.IsControl(c) && c is not ('\n' or '\r')) => $"names the file '{path}', which holds control characters.",
                _ => null,
            };
            return (new Content(digest, digest), problem is null ? text : null, problem);
        }
        catch (DecoderFallbackException)
        {
            return Unreadable(path, "is no text in UTF-8.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return Unreadable(path, e is FileNotFoundException or DirectoryNotFoundException ? "does not exist." : $"cannot be read ({e.GetType().Name}).");
        }
    }

    private static (Content Content, string? Text, string? Problem) Unreadable(string path, string why) =>
        (new Content(why, why), null, $"names the file '{path}', which {why}");

    private static byte[] ReadFile(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[LongestBytes + 1];
        return bytes[..file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false)];
    }

    /// <param name="Digest">Stands for what the file held when it was read.</param>
    /// <param name="Seen">Stands for what it held when it was looked at last.</param>
    private sealed record Content(string Digest, string Seen);
}
