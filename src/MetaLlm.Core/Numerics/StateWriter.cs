using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace MetaLlm.Core.Numerics;

/// <summary>Writes learned state as little-endian bytes: equal states give equal bytes on every platform.</summary>
/// <param name="output">Where the bytes go.</param>
public sealed class StateWriter(IBufferWriter<byte> output)
{
    /// <summary>Writes a marker that <see cref="StateReader.Expect"/> checks, so that a misaligned read is found at once.</summary>
    /// <param name="marker">A short name of the section.</param>
    public void Section(string marker) => Text(marker);

    /// <summary>Writes a 32-bit integer.</summary>
    public void Int(int value)
    {
        BinaryPrimitives.WriteInt32LittleEndian(output.GetSpan(4), value);
        output.Advance(4);
    }

    /// <summary>Writes a 64-bit integer.</summary>
    public void Long(long value)
    {
        BinaryPrimitives.WriteInt64LittleEndian(output.GetSpan(8), value);
        output.Advance(8);
    }

    /// <summary>Writes a truth value.</summary>
    public void Bool(bool value)
    {
        output.GetSpan(1)[0] = value ? (byte)1 : (byte)0;
        output.Advance(1);
    }

    /// <summary>Writes a double by its bits.</summary>
    public void Double(double value) => Long(BitConverter.DoubleToInt64Bits(value));

    /// <summary>Writes a length and the doubles.</summary>
    public void Doubles(ReadOnlySpan<double> values)
    {
        Int(values.Length);
        foreach (var value in values)
        {
            Double(value);
        }
    }

    /// <summary>Writes a length and the floats.</summary>
    public void Floats(ReadOnlySpan<float> values)
    {
        Int(values.Length);
        foreach (var value in values)
        {
            Int(BitConverter.SingleToInt32Bits(value));
        }
    }

    /// <summary>Writes a length and UTF-8 bytes.</summary>
    public void Text(string value)
    {
        var length = Encoding.UTF8.GetByteCount(value);
        Int(length);
        Encoding.UTF8.GetBytes(value, output.GetSpan(length));
        output.Advance(length);
    }
}
