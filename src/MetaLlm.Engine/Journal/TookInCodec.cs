using System.Buffers;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>What a <see cref="TookInEvent"/> says, as journals keep it: for each other owner its number, an ordinal and a sequence.</summary>
public static class TookInCodec
{
    private const int Version = 1;

    /// <summary>Writes the positions.</summary>
    /// <param name="positions">At most one for each owner.</param>
    public static byte[] Encode(IReadOnlyList<TakenPosition> positions)
    {
        ArgumentNullException.ThrowIfNull(positions);
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(buffer);
        writer.Int(Version);
        writer.Int(positions.Count);
        foreach (var position in positions)
        {
            writer.Int(position.Owner);
            writer.Long(position.Ordinal);
            writer.Long(position.Sequence);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged or of another layout.</exception>
    public static IReadOnlyList<TakenPosition> Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException($"An event that takes in other owners is stored in layout {version}; this build reads layout {Version}.");
        }

        var count = reader.Int();
        if (count is < 0 or > TenantOwner.Most)
        {
            throw new InvalidDataException($"An event that takes in other owners names {count} of them; {TenantOwner.Most} are the most.");
        }

        var positions = new TakenPosition[count];
        for (var i = 0; i < count; i++)
        {
            positions[i] = new TakenPosition(reader.Int(), reader.Long(), reader.Long());
        }

        return positions;
    }
}
