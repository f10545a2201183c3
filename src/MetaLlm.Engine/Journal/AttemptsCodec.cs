using System.Buffers;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Cascades;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Journal;

/// <summary>
/// The attempts of a call as journals keep them, in a layout with its own version. The names of deployments come after them, then what was made of the first answer; each is left out where there is
/// none of it and of what follows: builds that do not know it read what stands before.
/// </summary>
public static class AttemptsCodec
{
    private const int Version = 1;

    /// <summary>Writes the attempts of a settlement.</summary>
    /// <param name="attempts">The failed ones; each has its cost.</param>
    /// <param name="deployment">The deployment that ended the call; null for none.</param>
    /// <param name="weighed">What was made of the first answer; null where nobody weighed it.</param>
    /// <returns>The bytes; null when there is nothing to say.</returns>
    public static byte[]? Encode(IReadOnlyList<FailedAttempt> attempts, string? deployment = null, WeighedAnswer? weighed = null)
    {
        ArgumentNullException.ThrowIfNull(attempts);
        var hasDeployments = deployment is not null || weighed is not null || attempts.Any(attempt => attempt.Deployment is not null);
        if (attempts.Count == 0 && !hasDeployments)
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

        if (hasDeployments)
        {
            foreach (var attempt in attempts)
            {
                writer.Text(attempt.Deployment ?? "");
            }

            writer.Text(deployment ?? "");
        }

        if (weighed is not null)
        {
            WeighedAnswerCodec.Write(writer, weighed);
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="bytes">The bytes; none for no attempts.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged or of another version.</exception>
    public static (IReadOnlyList<FailedAttempt> Failed, string? Deployment, WeighedAnswer? Weighed) Decode(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return ([], null, null);
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

        if (reader.AtEnd)
        {
            return (attempts, null, null);
        }

        for (var i = 0; i < attempts.Count; i++)
        {
            attempts[i] = attempts[i] with { Deployment = Name(reader.Text()) };
        }

        var deployment = Name(reader.Text());
        return (attempts, deployment, reader.AtEnd ? null : WeighedAnswerCodec.Read(ref reader));
    }

    private static string? Name(string text) => text.Length == 0 ? null : text;
}
