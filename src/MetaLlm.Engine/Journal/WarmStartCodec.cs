using System.Buffers;
using System.Security.Cryptography;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>
/// Warm-start sets as journals and wires keep them, little-endian. Nothing is rounded and nothing is packed: float32 embeddings do not
/// shrink, and a replay must find the bits that were learned from. Equal sets give equal bytes.
/// </summary>
public static class WarmStartCodec
{
    /// <summary>Largest set, in bytes: well below what a journal's row and a message between nodes may hold.</summary>
    public const int MostBytes = 64 * 1024 * 1024;

    private const string Magic = "MetaLlm warm start";
    private const int Version = 1;

    /// <summary>Writes a set.</summary>
    /// <param name="set">The set.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="MostBytes"/>, or a row has not an outcome for each arm.</exception>
    public static byte[] Encode(WarmStartSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        var buffer = new ArrayBufferWriter<byte>(1024);
        Write(buffer, set);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes a set behind what a buffer holds already.</summary>
    /// <exception cref="ArgumentException">As <see cref="Encode"/>.</exception>
    internal static void Write(ArrayBufferWriter<byte> buffer, WarmStartSet set)
    {
        var writer = new StateWriter(buffer);
        writer.Section(Magic);
        writer.Int(Version);
        writer.Text(set.EmbeddingModelId);
        writer.Int(set.ArmIds.Count);
        foreach (var id in set.ArmIds)
        {
            writer.Text(id);
        }

        writer.Int(set.Rows.Count);
        for (var i = 0; i < set.Rows.Count; i++)
        {
            Write(writer, set.Rows[i], i, set.ArmIds.Count);
            if (buffer.WrittenCount > MostBytes)
            {
                throw new ArgumentException(
                    $"Warm start: the first {i + 1} of {set.Rows.Count} rows take {buffer.WrittenCount} bytes; a set may have {MostBytes}.", nameof(set));
            }
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged or of another layout.</exception>
    public static WarmStartSet Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        return Read(ref reader, bytes.Length);
    }

    /// <summary>Reads a set that nothing follows.</summary>
    /// <param name="reader">Stands at its beginning.</param>
    /// <param name="length">Bytes that there are at most.</param>
    /// <exception cref="InvalidDataException">As <see cref="Decode"/>.</exception>
    internal static WarmStartSet Read(ref StateReader reader, int length)
    {
        reader.Expect(Magic);
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException($"A warm start is stored in layout {version}; this build reads layout {Version}.");
        }

        var model = reader.Text();
        var ids = new string[Count(reader.Int(), length)];
        for (var a = 0; a < ids.Length; a++)
        {
            ids[a] = reader.Text();
        }

        var rows = new WarmStartQuery[Count(reader.Int(), length)];
        for (var i = 0; i < rows.Length; i++)
        {
            rows[i] = ReadRow(ref reader, ids.Length);
        }

        if (!reader.AtEnd)
        {
            throw new InvalidDataException("A warm start is damaged: bytes are left over at its end.");
        }

        return new WarmStartSet { EmbeddingModelId = model, ArmIds = ids, Rows = rows };
    }

    /// <summary>Recognises a set: SHA-256 of its bytes, lower-case hex.</summary>
    /// <param name="bytes">What <see cref="Encode"/> wrote.</param>
    public static string Digest(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static void Write(StateWriter writer, WarmStartQuery row, int index, int arms)
    {
        if (row.Rewards.Length != arms || row.Usage.Length != arms || row.CostUsd.Length != arms || row.LatencySeconds.Length != arms)
        {
            throw new ArgumentException($"Warm-start row {index} has outcomes of {row.Rewards.Length} arms; {arms} are named.");
        }

        writer.Floats(row.Features.Structural);
        writer.Floats(row.Features.Embedding);
        writer.Bool(row.Features.Task is not null);
        if (row.Features.Task is { } task)
        {
            writer.Text(task);
        }

        writer.Double(row.Features.InputTokens);
        for (var a = 0; a < arms; a++)
        {
            writer.Double(row.Rewards[a]);
            writer.Double(row.Usage[a].Input);
            writer.Double(row.Usage[a].CachedInput);
            writer.Double(row.Usage[a].Output);
            writer.Double(row.CostUsd[a]);
            writer.Double(row.LatencySeconds[a]);
        }
    }

    private static WarmStartQuery ReadRow(ref StateReader reader, int arms)
    {
        var features = new QueryFeatures(reader.Floats(), reader.Floats(), reader.Bool() ? reader.Text() : null, reader.Double());
        var row = new WarmStartQuery(features, new double[arms], new TokenUsage[arms], new double[arms], new double[arms]);
        for (var a = 0; a < arms; a++)
        {
            row.Rewards[a] = reader.Double();
            row.Usage[a] = new TokenUsage(reader.Double(), reader.Double(), reader.Double());
            row.CostUsd[a] = reader.Double();
            row.LatencySeconds[a] = reader.Double();
        }

        return row;
    }

    // A damaged count must not ask for more memory than the bytes could fill.
    private static int Count(int count, int length) => count >= 0 && count <= length
        ? count
        : throw new InvalidDataException($"A warm start is damaged: it says {count} entries within {length} bytes.");
}
