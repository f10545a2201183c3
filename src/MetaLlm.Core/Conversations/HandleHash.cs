using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace MetaLlm.Core.Conversations;

/// <summary>A hash that grows: 64 bits of a SHA-256 over what was appended, never 0. Not safe for concurrent use.</summary>
/// <remarks>What is short is gathered and hashed at once, since a native hash that takes pieces costs more than hashing a whole conversation of a few questions.</remarks>
public sealed class HandleHash : IDisposable
{
    private const int Gathered = 16 * 1024;

    private byte[] _bytes;
    private int _length;
    private IncrementalHash? _long;

    /// <param name="tenant">The tenant: the same words of another one have another hash.</param>
    /// <param name="kind">What kind of words they are.</param>
    public HandleHash(string tenant, string kind)
    {
        ArgumentNullException.ThrowIfNull(tenant);
        ArgumentNullException.ThrowIfNull(kind);
        _bytes = ArrayPool<byte>.Shared.Rent(1024);
        Append(tenant);
        Append("\0"u8);
        Append(kind);
        Append("\0"u8);
    }

    /// <summary>The hash of what was appended so far; more may come.</summary>
    public ulong Current
    {
        get
        {
            Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
            if (_long is null)
            {
                SHA256.HashData(_bytes.AsSpan(0, _length), digest);
            }
            else
            {
                Flush(_long);
                _long.GetCurrentHash(digest);
            }

            return Math.Max(1, BinaryPrimitives.ReadUInt64LittleEndian(digest));
        }
    }

    /// <summary>Appends a text's UTF-8.</summary>
    /// <param name="text">The text.</param>
    public void Append(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var most = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (most <= Gathered)
        {
            // Room first: it may empty what was gathered.
            var room = Room(most);
            _length += Encoding.UTF8.GetBytes(text, room);
        }
        else
        {
            Append(Encoding.UTF8.GetBytes(text));
        }
    }

    /// <summary>Appends bytes.</summary>
    /// <param name="bytes">The bytes; they are not kept beyond the hash's own life.</param>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length <= Gathered)
        {
            bytes.CopyTo(Room(bytes.Length));
            _length += bytes.Length;
            return;
        }

        Flush(_long ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        _long.AppendData(bytes);
    }

    /// <summary>Gives the memory back. The hash takes nothing any more.</summary>
    public void Dispose()
    {
        _long?.Dispose();
        if (_bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = [];
        }
    }

    private Span<byte> Room(int length)
    {
        if (_length + length > Gathered)
        {
            Flush(_long ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256));
        }

        if (_length + length > _bytes.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(_length + length, 2 * _bytes.Length));
            _bytes.AsSpan(0, _length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_bytes);
            _bytes = larger;
        }

        return _bytes.AsSpan(_length);
    }

    private void Flush(IncrementalHash hash)
    {
        hash.AppendData(_bytes.AsSpan(0, _length));
        _length = 0;
    }
}
