using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>Failed attempts as journals keep them, in a layout with its own version.</summary>
public static class AttemptsCodec
{
    private const int Version = 1;

    /// <summary>Writes the attempts of a settlement.</summary>
    /// <param name="attempts">The attempts; each has its cost.</param>
    /// <returns>The bytes; null when there are none.</returns>
    public static byte[]? Encode(IReadOnlyList<FailedAttempt> attempts)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        if (attempts.Count == 0)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>();
        var writer = new StateWriter(buffer);
        writer.Int(Version);
        writer.Int(attempts.Count);
        foreach (var attempt in attempts)
        {
            writer.Text(attempt.ArmId);
            writer.Int((int)attempt.Kind);
            writer.Double(attempt.Usage.Input);
            writer.Double(attempt.Usage.CachedInput);
            writer.Double(attempt.Usage.Output);
            writer.Double(attempt.CostUsd ?? 0);
            writer.Double(attempt.Seconds);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes; none for no attempts.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version.</exception>
    public static IReadOnlyList<FailedAttempt> Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return [];
        }

        var reader = new StateReader(bytes);
        var version = reader.Int();
        if (version != Version)
        {
            throw new InvalidDataException($"Failed attempts are stored in layout {version}; this build reads layout {Version}.");
        }

        var attempts = new List<FailedAttempt>();
        for (var left = reader.Int(); left > 0; left--)
        {
            attempts.Add(new FailedAttempt(
                reader.Text(),
                (FailureKind)reader.Int(),
                new TokenUsage(reader.Double(), reader.Double(), reader.Double()),
                reader.Double(),
                reader.Double()));
        }

        return attempts;
    }
}
