using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Batches;

/// <summary>Reads the lines of a batch: OpenAI's format, or requests as they are.</summary>
/// <param name="url">The endpoint that all lines are for.</param>
/// <param name="needsEnvelope">Whether each line must have <c>custom_id</c>, <c>method</c>, <c>url</c> and <c>body</c>.</param>
/// <param name="most">Most lines.</param>
internal sealed class BatchLines(string url, bool needsEnvelope, int most)
{
    /// <summary>Where chat completions are made.</summary>
    public const string Chat = "/v1/chat/completions";

    private const int LongestId = 512;

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false, MaxDepth = 64 };

    /// <summary>Reads a file whole.</summary>
    /// <param name="file">The file, UTF-8; a byte order mark counts for nothing.</param>
    /// <param name="wrong">Is told of each line that cannot be used: its number from 1, 0 for the whole file, and what is wrong.</param>
    /// <returns>The lines that can be used.</returns>
    public List<BatchLine> Read(ReadOnlyMemory<byte> file, Action<int, string> wrong)
    {
        // Editors of Windows begin a file with a mark that is no part of its first line.
        var rest = file.Span.StartsWith(Encoding.UTF8.Preamble) ? file[Encoding.UTF8.Preamble.Length..] : file;
        var (lines, ids, count) = (new List<BatchLine>(), new HashSet<string>(StringComparer.Ordinal), 0);
        for (var number = 1; !rest.IsEmpty && count <= most; number++)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            rest = end < 0 ? default : rest[(end + 1)..];
            if (text.Span.Trim(" \t\r"u8).IsEmpty)
            {
                continue;
            }

            count++;
            var at = number;
            if (Read(text, number, problem => wrong(at, problem)) is not { } line)
            {
                continue;
            }

            if (!ids.Add(line.CustomId))
            {
                wrong(number, $"'custom_id' is '{line.CustomId}', as of a line before; each must be another.");
                continue;
            }

            lines.Add(line);
        }

        if (count == 0 || count > most)
        {
            wrong(0, string.Create(CultureInfo.InvariantCulture, $"has {(count == 0 ? "0" : "more than " + most)} queries; 1 to {most} are legal."));
        }

        return lines;
    }

    private BatchLine? Read(ReadOnlyMemory<byte> text, int number, Action<string> wrong)
    {
        if (!Utf8.IsValid(text.Span))
        {
            wrong("is no UTF-8.");
            return null;
        }

        try
        {
            using var document = JsonDocument.Parse(text, Strict);
            return Read(document.RootElement, number, wrong);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            wrong($"is no JSON: {e.Message}");
            return null;
        }
    }

    private BatchLine? Read(JsonElement line, int number, Action<string> wrong)
    {
        if (line.ValueKind != JsonValueKind.Object)
        {
            wrong("is no JSON object.");
            return null;
        }

        var isWhole = needsEnvelope || !line.TryGetProperty("messages", out _);
        var body = line;
        if (isWhole && !(line.TryGetProperty("body", out body) && body.ValueKind == JsonValueKind.Object))
        {
            wrong(needsEnvelope ? "has no object 'body'." : "has neither 'messages' nor an object 'body'.");
            return null;
        }

        var problem = (isWhole ? Word(line, "method", "POST") ?? Word(line, "url", url) : null) ?? Problem(body);
        var id = number.ToString(CultureInfo.InvariantCulture);
        if (problem is null && isWhole && line.TryGetProperty("custom_id", out var named) && named.ValueKind != JsonValueKind.Null)
        {
            id = named.ValueKind == JsonValueKind.String ? named.GetString()! : "";
            problem = id.Length is >= 1 and <= LongestId ? null : $"'custom_id' must be a text of 1 to {LongestId} characters.";
        }
        else if (problem is null && needsEnvelope)
        {
            problem = "'custom_id' is missing; it must be a text of 1 to 512 characters.";
        }

        if (problem is not null)
        {
            wrong(problem);
            return null;
        }

        return new BatchLine(id, Encoding.UTF8.GetBytes(body.GetRawText()));
    }

    private string? Problem(JsonElement body) =>
        url == Chat && !(body.TryGetProperty("messages", out var messages) && messages.ValueKind == JsonValueKind.Array && messages.GetArrayLength() > 0)
            ? "'messages' must be a list of at least one message."
        : body.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True ? "'stream' is true; answers of a batch come whole, so that it must be false."
        : null;

    private string? Word(JsonElement line, string member, string word) => !line.TryGetProperty(member, out var value)
        ? needsEnvelope ? $"'{member}' is missing; it must be \"{word}\"." : null
        : value.ValueKind == JsonValueKind.String && value.GetString() == word ? null : $"'{member}' is {(value.ValueKind == JsonValueKind.String ? JsonObjectReader.Shorten(value.GetRawText()) : JsonObjectReader.Name(value))}; it must be \"{word}\".";
}
