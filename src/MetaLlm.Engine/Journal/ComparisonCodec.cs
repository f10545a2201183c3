using System.Buffers;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What a <see cref="ComparedEvent"/> says, as journals keep it: the decision's ordinal, and the verdict.</summary>
public static class ComparisonCodec
{
    private const int Version = 1;

    // The verdict.
    private const int Same = 0;
    private const int Differing = 1;
    private const int None = 2;

    /// <summary>Writes a comparison.</summary>
    /// <param name="ordinal">Ordinal of the decision.</param>
    /// <param name="differs">Whether the answers differ; null without a verdict.</param>
    public static byte[] Encode(long ordinal, bool? differs)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(buffer);
        writer.Int(Version);
        writer.Long(ordinal);
        writer.Int(differs switch { false => Same, true => Differing, null => None });
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged or of another layout.</exception>
    public static (long Ordinal, bool? Differs) Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException($"A comparison of answers is stored in layout {version}; this build reads layout {Version}.");
        }

        var ordinal = reader.Long();
        return (ordinal, reader.Int() switch
        {
            Same => false,
            Differing => true,
            None => null,
            var other => throw new InvalidDataException($"A comparison of answers has the unknown verdict {other}."),
        });
    }
}
