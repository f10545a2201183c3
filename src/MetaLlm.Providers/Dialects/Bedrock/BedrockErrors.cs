using System.Text.Json;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Writes Bedrock's errors as those of the OpenAI format.</summary>
internal static class BedrockErrors
{
    private static readonly string[] TooLong = ["too long", "context limit", "maximum context", "context window", "too many input tokens"];

    /// <summary>Rewrites a body; one that is no such error stays as it is.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        if (document is null || Message(document.RootElement) is null)
        {
            return body;
        }

        using var chat = new CompletionWriter(default);
        return chat.Error(json => Write(json, document.RootElement, null));
    }

    /// <summary>Reads a body; null when it is no JSON.</summary>
    public static JsonDocument? Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            MemberNames.ThrowIfNotText(body.Span);
            return JsonDocument.Parse(body);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>Writes the members of an error.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="error">Bedrock's error.</param>
    /// <param name="exception">Its name in a stream, so that the status which it would have had is told as its code; null outside of one.</param>
    public static void Write(Utf8JsonWriter json, JsonElement error, string? exception)
    {
        var message = Message(error) ?? string.Empty;
        json.WriteString("message", message);
        json.WriteString("type", exception ?? "invalid_request_error");
        json.WriteNull("param");
        if (Code(message) is { } code && exception is null or "validationException")
        {
            json.WriteString("code", code);
        }
        else if (exception is not null)
        {
            json.WriteNumber("code", Status(exception, error));
        }
        else
        {
            json.WriteNull("code");
        }
    }

    private static string? Message(JsonElement error) => JsonTexts.Read(error, "message") ?? JsonTexts.Read(error, "Message");

    private static string? Code(string message) =>
        Array.Exists(TooLong, phrase => message.Contains(phrase, StringComparison.OrdinalIgnoreCase)) ? ObjectionCodes.ContextLength
        : message.Contains("model identifier is invalid", StringComparison.OrdinalIgnoreCase) ? ObjectionCodes.ModelNotFound
        : null;

    /// <summary>An error of the model's own tells the status that the model gave.</summary>
    private static int Status(string exception, JsonElement error) => exception switch
    {
        "validationException" => 400,
        "accessDeniedException" => 403,
        "resourceNotFoundException" => 404,
        "modelTimeoutException" => 408,
        "throttlingException" or "modelNotReadyException" => 429,
        "serviceUnavailableException" => 503,
        "modelStreamErrorException" when error.Says("originalStatusCode", out var status) && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var code) && code is >= 500 or 429 => code,
        "modelStreamErrorException" => 424,
        _ => 500,
    };
}
