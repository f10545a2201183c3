using System.Buffers;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Quizzes as journals and wires keep them: the arm, then the outcomes as <see cref="WarmStartCodec"/> writes them. Equal quizzes give equal bytes.</summary>
public static class QuizCodec
{
    private const string Magic = "MetaLlm quiz";
    private const int Version = 1;

    /// <summary>Writes a quiz.</summary>
    /// <param name="quiz">The quiz.</param>
    /// <exception cref="ArgumentException">It is larger than <see cref="WarmStartCodec.MostBytes"/>, or a row has not an outcome for each arm.</exception>
    public static byte[] Encode(QuizSet quiz)
    {
        ArgumentNullException.ThrowIfNull(quiz);
        var buffer = new ArrayBufferWriter<byte>(1024);
        var writer = new StateWriter(buffer);
        writer.Section(Magic);
        writer.Int(Version);
        writer.Text(quiz.ArmId);
        WarmStartCodec.Write(buffer, quiz.Outcomes);
        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes.</param>
    /// <exception cref="InvalidDataException">They are damaged or of another layout.</exception>
    public static QuizSet Decode(ReadOnlySpan<byte> bytes)
    {
        var reader = new StateReader(bytes);
        reader.Expect(Magic);
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException($"A quiz is stored in layout {version}; this build reads layout {Version}.");
        }

        var arm = reader.Text();
        return new QuizSet { ArmId = arm, Outcomes = WarmStartCodec.Read(ref reader, bytes.Length) };
    }

    /// <summary>Recognises a quiz: SHA-256 of its bytes, lower-case hex.</summary>
    /// <param name="bytes">What <see cref="Encode"/> wrote.</param>
    public static string Digest(ReadOnlySpan<byte> bytes) => WarmStartCodec.Digest(bytes);
}
