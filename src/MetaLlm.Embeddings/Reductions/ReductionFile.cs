using System.Buffers.Binary;
using System.Runtime.InteropServices;
using MetaLlm.Core.Features;

namespace MetaLlm.Embeddings.Reductions;

/// <summary>
/// The file of a fitted reduction, little-endian: the 8 bytes "MLREDUC1", int32 inputs, int32 outputs, float32 scale,
/// then float32 mean[inputs] and rows[outputs x inputs].
/// </summary>
internal static class ReductionFile
{
    private const int HeaderLength = 20;

    public static ReadOnlySpan<byte> Magic => "MLREDUC1"u8;

    public static LinearReduction Parse(string id, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderLength || !bytes.StartsWith(Magic))
        {
            throw new InvalidDataException("The reduction file does not start with MLREDUC1.");
        }

        var inputs = BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]);
        var outputs = BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]);
        var scale = BinaryPrimitives.ReadSingleLittleEndian(bytes[16..]);
        var expected = HeaderLength + (long)sizeof(float) * inputs * (outputs + 1L);
        if (inputs < 1 || outputs < 1 || bytes.Length != expected)
        {
            throw new InvalidDataException($"The reduction file has {bytes.Length} bytes; {inputs} inputs and {outputs} outputs need {expected}.");
        }

        var numbers = ReadFloats(bytes[HeaderLength..]);
        return new LinearReduction(id, inputs, numbers.AsSpan(inputs), numbers.AsSpan(0, inputs), scale);
    }

    public static byte[] Format(int inputs, ReadOnlySpan<float> rows, ReadOnlySpan<float> mean, float scale)
    {
        var bytes = new byte[HeaderLength + sizeof(float) * (rows.Length + mean.Length)];
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(8), inputs);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), rows.Length / inputs);
        BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(16), scale);
        MemoryMarshal.AsBytes(mean).CopyTo(bytes.AsSpan(HeaderLength));
        MemoryMarshal.AsBytes(rows).CopyTo(bytes.AsSpan(HeaderLength + sizeof(float) * mean.Length));
        return bytes;
    }

    private static float[] ReadFloats(ReadOnlySpan<byte> bytes)
    {
        var numbers = new float[bytes.Length / sizeof(float)];
        for (var i = 0; i < numbers.Length; i++)
        {
            numbers[i] = BinaryPrimitives.ReadSingleLittleEndian(bytes[(i * sizeof(float))..]);
        }

        return numbers;
    }
}
