using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>
/// Bytes around a saved state: which embedding model it rests on, and a digest. The digest comes first, so that a damaged snapshot
/// (which the journal replaces) is never taken for one of another model (which nothing replaces).
/// </summary>
internal static class SnapshotEnvelope
{
    private const string Marker = "metallm-snapshot-1";

    /// <summary>What must be equal for learned states to be exchangeable: the vectors, and what they are reduced to.</summary>
    public static string Identity(EmbeddingModelInfo model) => $"{model.Id} ({model.Dimensions} dimensions, reduction {model.Reduction.Id})";

    public static ReadOnlyMemory<byte> Wrap(TenantState state, EmbeddingModelInfo model)
    {
        var content = new ArrayBufferWriter<byte>(64 * 1024);
        state.Save(content);
        var identity = Identity(model);
        var buffer = new ArrayBufferWriter<byte>(content.WrittenCount + 512);
        var writer = new StateWriter(buffer);
        writer.Section(Marker);
        writer.Text(Digest(identity, content.WrittenSpan));
        writer.Text(identity);
        writer.Int(content.WrittenCount);
        buffer.Write(content.WrittenSpan);
        return buffer.WrittenMemory;
    }

    /// <summary>Takes the state's bytes out.</summary>
    /// <param name="bytes">What <see cref="Wrap"/> gave.</param>
    /// <param name="identity">The model's identity when the state was saved.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another layout.</exception>
    public static ReadOnlySpan<byte> Unwrap(ReadOnlySpan<byte> bytes, out string identity)
    {
        var reader = new StateReader(bytes);
        reader.Expect(Marker);
        var digest = reader.Text();
        identity = reader.Text();
        var length = reader.Int();
        if (length < 0 || length > bytes.Length)
        {
            throw new InvalidDataException($"The snapshot says that its state has {length} bytes; it has {bytes.Length} in all.");
        }

        var state = bytes[^length..];
        if (Digest(identity, state) != digest)
        {
            throw new InvalidDataException("The snapshot's digest does not match its bytes.");
        }

        return state;
    }

    private static string Digest(string identity, ReadOnlySpan<byte> state)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(identity));
        hash.AppendData(state);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
