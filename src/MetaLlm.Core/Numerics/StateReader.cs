using System.Buffers.Binary;
using System.Text;

namespace MetaLlm.Core.Numerics;

/// <summary>Reads what <see cref="StateWriter"/> wrote; anything that does not fit is an <see cref="InvalidDataException"/>.</summary>
/// <param name="bytes">The bytes.</param>
public ref struct StateReader(ReadOnlySpan<byte> bytes)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _position;

    /// <summary>Whether every byte has been read.</summary>
    public readonly bool AtEnd => _position == _bytes.Length;

    /// <summary>Checks a section marker.</summary>
    /// <param name="marker">The name that must come next.</param>
    public void Expect(string marker)
    {
        var found = Text();
        if (found != marker)
        {
            throw new InvalidDataException($"Learned state is damaged: section '{marker}' expected before byte {_position}, '{found}' found.");
        }
    }

    /// <summary>Reads a section marker where it comes next; else nothing is read.</summary>
    /// <param name="marker">The name of a section that may be left out.</param>
    /// <returns>Whether it came.</returns>
    public bool TryExpect(string marker)
    {
        var ahead = this;
        if (_bytes.Length - _position < sizeof(int) || ahead.Int() != Encoding.UTF8.GetByteCount(marker) || ahead._bytes.Length - ahead._position < marker.Length)
        {
            return false;
        }

        ahead = this;
        if (ahead.Text() != marker)
        {
            return false;
        }

        _position = ahead._position;
        return true;
    }

    /// <summary>Reads a 32-bit integer.</summary>
    public int Int() => BinaryPrimitives.ReadInt32LittleEndian(Take(4));

    /// <summary>Reads a 64-bit integer.</summary>
    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    /// <summary>Reads a truth value.</summary>
    public bool Bool() => Take(1)[0] switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"Learned state is damaged: byte {_position - 1} is {other} where 0 or 1 must be."),
    };

    /// <summary>Reads a double.</summary>
    public double Double() => BitConverter.Int64BitsToDouble(Long());

    /// <summary>Reads doubles into a span of the very length that was written.</summary>
    /// <param name="destination">Receives them.</param>
    public void Doubles(Span<double> destination)
    {
        var length = Int();
        if (length != destination.Length)
        {
            throw new InvalidDataException($"Learned state does not fit: {destination.Length} numbers expected before byte {_position}, {length} found.");
        }

        for (var i = 0; i < destination.Length; i++)
        {
            destination[i] = Double();
        }
    }

    /// <summary>Reads doubles of whatever count was written.</summary>
    public double[] Doubles()
    {
        var values = new double[Length(8)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = Double();
        }

        return values;
    }

    /// <summary>Reads floats of whatever count was written.</summary>
    public float[] Floats()
    {
        var values = new float[Length(4)];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = BitConverter.Int32BitsToSingle(Int());
        }

        return values;
    }

    /// <summary>Reads a text.</summary>
    public string Text() => Encoding.UTF8.GetString(Take(Length(1)));

    private int Length(int elementSize)
    {
        var length = Int();
        if (length < 0 || (long)length * elementSize > _bytes.Length - _position)
        {
            throw new InvalidDataException($"Learned state is damaged: a length of {length} before byte {_position} points past the end ({_bytes.Length} bytes).");
        }

        return length;
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (count > _bytes.Length - _position)
        {
            throw new InvalidDataException($"Learned state is cut off: {count} bytes wanted at byte {_position} of {_bytes.Length}.");
        }

        var taken = _bytes.Slice(_position, count);
        _position += count;
        return taken;
    }
}
