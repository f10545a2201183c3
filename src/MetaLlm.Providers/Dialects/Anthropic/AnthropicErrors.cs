using System.Text.Json;
using System.Text.RegularExpressions;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>Writes Anthropic's errors as those of the OpenAI format.</summary>
internal static partial class AnthropicErrors
{
    /// <summary>Rewrites a body; one that is no such error stays as it is.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            MemberNames.ThrowIfNotText(body.Span);
            using var document = JsonDocument.Parse(body);
            if (!document.RootElement.Says("error", out var error) || error.ValueKind != JsonValueKind.Object)
            {
                return body;
            }

            using var chat = new CompletionWriter(default);
            return chat.Error(json => Write(json, error, inBand: false));
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>Writes the members of an error.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="error">Anthropic's error.</param>
    /// <param name="inBand">Whether it stands in an answer, so that the status which it would have had is told as its code.</param>
    public static void Write(Utf8JsonWriter json, JsonElement error, bool inBand)
    {
        var type = JsonTexts.Read(error, "type");
        var message = JsonTexts.Read(error, "message") ?? string.Empty;
        json.WriteString("message", message);
        json.WriteString("type", type ?? "api_error");
        json.WriteString("param", Place().Match(message) is { Success: true } place ? place.Groups["member"].Value : null);
        if (Code(type, message) is { } code)
        {
            json.WriteString("code", code);
        }
        else if (inBand)
        {
            json.WriteNumber("code", Status(type));
        }
        else
        {
            json.WriteNull("code");
        }
    }

    private static string? Code(string? type, string message) => type switch
    {
        "invalid_request_error" when message.Contains("prompt is too long", StringComparison.OrdinalIgnoreCase)
            || message.Contains("exceed context limit", StringComparison.OrdinalIgnoreCase) => ObjectionCodes.ContextLength,

        // An account without money is no fault of the request, though it has the same status.
        "invalid_request_error" when message.Contains("credit balance", StringComparison.OrdinalIgnoreCase)
            || message.Contains("usage limits", StringComparison.OrdinalIgnoreCase) => ObjectionCodes.Quota,
        "billing_error" => ObjectionCodes.Quota,
        "not_found_error" => ObjectionCodes.ModelNotFound,
        _ => null,
    };

    private static int Status(string? type) => type switch
    {
        "invalid_request_error" => 400,
        "authentication_error" => 401,
        "permission_error" => 403,
        "request_too_large" => 413,
        "rate_limit_error" => 429,
        "timeout_error" => 504,
        "overloaded_error" => 529,
        _ => 500,
    };

    // "temperature: range: 0..1", "messages.0.content: ..." and "`temperature` is deprecated ...".
    [GeneratedRegex("^(`(?<member>[a-z_]+)`|(?<member>[a-z_]+)(\\.[A-Za-z0-9_.\\[\\]-]+)?:)")]
    private static partial Regex Place();
}
