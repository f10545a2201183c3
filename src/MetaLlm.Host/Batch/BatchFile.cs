using System.Security.Cryptography;
using MetaLlm.Gateway.Batches;

namespace MetaLlm.Host.Batch;

/// <summary>The queries of a batch: lines of OpenAI's batch format, or chat requests as they are.</summary>
/// <param name="Lines">The queries, at least one.</param>
/// <param name="Digest">Hash of the whole file.</param>
internal sealed record BatchFile(IReadOnlyList<BatchLine> Lines, string Digest)
{
    private const int MostLines = 50_000;
    private const int MostBytes = 200 * 1024 * 1024;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="BatchException">It cannot be read, or a line of it cannot be used; the message names the line.</exception>
    public static async Task<BatchFile> ReadAsync(string file, CancellationToken cancellationToken)
    {
        byte[] bytes;
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MostBytes } large)
            {
                throw new BatchException($"--in: {file} has {large.Length} bytes; at most {MostBytes} are legal.");
            }

            bytes = await File.ReadAllBytesAsync(file, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new BatchException($"--in: {file} cannot be read: {e.Message}");
        }

        var lines = new BatchLines(BatchLines.Chat, needsEnvelope: false, MostLines).Read(
            bytes, (line, problem) => throw new BatchException(line == 0 ? $"--in: {file} {problem}" : $"--in: {file}, line {line}: {problem}"));
        return new BatchFile(lines, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }
}
