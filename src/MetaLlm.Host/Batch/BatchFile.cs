using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>The queries of a batch: lines of OpenAI's batch format, or chat requests as they are.</summary>
/// <param name="Lines">The queries, at least one.</param>
/// <param name="Digest">Hash of the whole file.</param>
internal sealed record BatchFile(IReadOnlyList<BatchLine> Lines, string Digest)
{
    private const int MostLines = 50_000;
    private const int MostBytes = 200 * 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

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

        var (lines, ids, number) = (new List<BatchLine>(), new HashSet<string>(StringComparer.Ordinal), 0);
        foreach (var text in Text(file, bytes).Split('\n'))
        {
            number++;
            if (string.IsNullOrWhiteSpace(text))
            {
                continue;
            }

            var line = Read(file, number, text);
            if (!ids.Add(line.CustomId))
            {
                throw Unusable(file, number, $"'custom_id' is '{line.CustomId}', as of a line before; each must be another.");
            }

            lines.Add(line);
        }

        return lines.Count is >= 1 and <= MostLines
            ? new BatchFile(lines, Convert.ToHexStringLower(SHA256.HashData(bytes)))
            : throw new BatchException($"--in: {file} has {lines.Count} queries; 1 to {MostLines} are legal.");
    }

    private static string Text(string file, byte[] bytes)
    {
        try
        {
            // Editors of Windows begin a file with a mark that is no part of its first line.
            return StrictUtf8.GetString(bytes.AsSpan(bytes.AsSpan().StartsWith(Encoding.UTF8.Preamble) ? Encoding.UTF8.Preamble.Length : 0));
        }
        catch (DecoderFallbackException e)
        {
            throw Unusable(file, 1 + bytes.AsSpan(0, Math.Clamp(e.Index, 0, bytes.Length)).Count((byte)'\n'), "is no UTF-8.");
        }
    }

    private static BatchLine Read(string file, int number, string text)
    {
        JsonObject line;
        try
        {
            line = JsonNode.Parse(text, documentOptions: Strict) as JsonObject ?? throw Unusable(file, number, "is no JSON object.");
        }
        catch (JsonException e)
        {
            throw Unusable(file, number, $"is no JSON: {e.Message}");
        }

        var body = line;
        if (!line.ContainsKey("messages"))
        {
            body = line["body"] as JsonObject ?? throw Unusable(file, number, "has neither 'messages' nor an object 'body'.");
            RequireWord(file, number, line, "method", "POST");
            RequireWord(file, number, line, "url", "/v1/chat/completions");
        }

        if (body["messages"] is not JsonArray { Count: > 0 })
        {
            throw Unusable(file, number, "'messages' must be a list of at least one message.");
        }

        if (body["stream"] is JsonValue stream && stream.GetValueKind() == JsonValueKind.True)
        {
            throw Unusable(file, number, "'stream' is true; answers of a batch come whole, so that it must be false.");
        }

        var id = line == body ? null : line["custom_id"];
        return id is null ? new BatchLine(number.ToString(CultureInfo.InvariantCulture), body)
            : id.GetValueKind() == JsonValueKind.String && id.GetValue<string>() is { Length: >= 1 and <= 512 } name ? new BatchLine(name, body)
            : throw Unusable(file, number, "'custom_id' must be a text of 1 to 512 characters.");
    }

    private static void RequireWord(string file, int number, JsonObject line, string member, string word)
    {
        if (line[member] is { } value && !(value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == word))
        {
            throw Unusable(file, number, $"'{member}' is {value.ToJsonString()}; it must be \"{word}\".");
        }
    }

    private static BatchException Unusable(string file, int line, string problem) => new($"--in: {file}, line {line}: {problem}");
}
