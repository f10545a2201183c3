using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>Writes Google's errors, each a <c>google.rpc.Status</c>, as those of the OpenAI format.</summary>
internal static partial class GeminiErrors
{
    /// <summary>Google's names of members, without underscores, and the chat format's. Errors spell them in either way.</summary>
    private static readonly Dictionary<string, string> Names = new(StringComparer.OrdinalIgnoreCase)
    {
        ["temperature"] = "temperature", ["topP"] = "top_p", ["topK"] = "top_k", ["seed"] = "seed", ["candidateCount"] = "n", ["stopSequences"] = "stop",
        ["presencePenalty"] = "presence_penalty", ["frequencyPenalty"] = "frequency_penalty", ["responseLogprobs"] = "logprobs", ["logprobs"] = "top_logprobs",
        ["maxOutputTokens"] = "max_tokens", ["thinkingConfig"] = "reasoning_effort", ["thinkingLevel"] = "reasoning_effort", ["thinkingBudget"] = "reasoning_effort",
        ["responseMimeType"] = "response_format", ["responseJsonSchema"] = "response_format", ["contents"] = "messages", ["systemInstruction"] = "messages", ["toolConfig"] = "tool_choice",
    };

    /// <summary>Rewrites a body; one that is no such error stays as it is.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        if (document is null || !TryFind(document.RootElement, out var error))
        {
            return body;
        }

        using var chat = new CompletionWriter(default);
        return chat.Error(json => Write(json, error, inBand: false));
    }

    /// <summary>How long Google asks to be left alone; null where it does not say.</summary>
    public static TimeSpan? ReadPause(ReadOnlyMemory<byte> body)
    {
        using var document = Parse(body);
        return document is not null && TryFind(document.RootElement, out var error)
            && Detail(error, "RetryInfo") is { } info && JsonTexts.Read(info, "retryDelay") is { Length: > 1 } delay && delay[^1] == 's'
            && double.TryParse(delay.AsSpan(0, delay.Length - 1), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            ? RetryAfterReader.Bounded(seconds) : null;
    }

    /// <summary>Writes the members of an error.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="error">Google's error.</param>
    /// <param name="inBand">Whether it stands in an answer, so that the status which it would have had is told as its code.</param>
    public static void Write(Utf8JsonWriter json, JsonElement error, bool inBand)
    {
        var message = JsonTexts.Read(error, "message") ?? string.Empty;
        json.WriteString("message", message);
        json.WriteString("type", JsonTexts.Read(error, "status")?.ToLowerInvariant() ?? "api_error");
        json.WriteString("param", Parameter(error, message));
        if (Code(error, message) is { } code)
        {
            json.WriteString("code", code);
        }
        else if (inBand && error.Says("code", out var number) && number.ValueKind == JsonValueKind.Number)
        {
            json.WriteAsIs("code", number);
        }
        else if (inBand)
        {
            json.WriteNumber("code", 500);
        }
        else
        {
            json.WriteNull("code");
        }
    }

    /// <summary>Writes the error that a prompt is which Google has blocked: it gives no answer and no error then.</summary>
    public static void WriteBlocked(Utf8JsonWriter json, string reason)
    {
        json.WriteString("message", $"The prompt was blocked: {reason}.");
        json.WriteString("type", "invalid_request_error");
        json.WriteString("param", "messages");
        json.WriteString("code", ObjectionCodes.ContentFilter);
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> body)
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

    /// <summary>Some answers to streams are a list with the error in it.</summary>
    private static bool TryFind(JsonElement root, out JsonElement error)
    {
        var owner = root.ValueKind == JsonValueKind.Array && root.GetArrayLength() > 0 ? root[0] : root;
        return owner.Says("error", out error) && error.ValueKind == JsonValueKind.Object;
    }

    private static JsonElement? Detail(JsonElement error, string type) =>
        error.Says("details", out var details) && details.ValueKind == JsonValueKind.Array
            && details.EnumerateArray().FirstOrDefault(d => JsonTexts.Read(d, "@type")?.EndsWith(type, StringComparison.Ordinal) is true) is { ValueKind: JsonValueKind.Object } found ? found : null;

    private static string? Parameter(JsonElement error, string message)
    {
        var place = Detail(error, "BadRequest") is { } request && request.Says("fieldViolations", out var fields) && fields.ValueKind == JsonValueKind.Array && fields.GetArrayLength() > 0
            ? JsonTexts.Read(fields[0], "field") : null;
        place = Unknown().Match(message) is { Success: true } unknown ? unknown.Groups[1].Value : place ?? Place().Match(message).Groups[1].Value;
        var member = place.Split('.', '[', ':')[place.StartsWith("generation", StringComparison.OrdinalIgnoreCase) && place.Contains('.', StringComparison.Ordinal) ? 1 : 0];
        return member.Length == 0 ? null : Names.GetValueOrDefault(member.Replace("_", "", StringComparison.Ordinal), member);
    }

    private static string? Code(JsonElement error, string message) => JsonTexts.Read(error, "status") switch
    {
        "INVALID_ARGUMENT" when message.Contains("exceeds the maximum number of tokens", StringComparison.OrdinalIgnoreCase) => ObjectionCodes.ContextLength,

        // A wrong key is no fault of the request, though it has the same status.
        "INVALID_ARGUMENT" when message.StartsWith("API key", StringComparison.OrdinalIgnoreCase)
            || (Detail(error, "ErrorInfo") is { } info && JsonTexts.Read(info, "reason") is "API_KEY_INVALID") => ObjectionCodes.KeyRefused,
        "FAILED_PRECONDITION" when message.Contains("billing", StringComparison.OrdinalIgnoreCase) => ObjectionCodes.Quota,
        "NOT_FOUND" => ObjectionCodes.ModelNotFound,
        _ => null,
    };

    // Invalid JSON payload received. Unknown name "top_k" at 'generation_config': Cannot find field.
    [GeneratedRegex("Unknown name \"([A-Za-z_]+)\"")]
    private static partial Regex Unknown();

    // * GenerateContentRequest.generation_config.top_k: must be ...
    [GeneratedRegex("(?:GenerateContentRequest\\.|'|^)([a-z][A-Za-z_]+(?:\\.[A-Za-z_]+)*)(?:\\[[0-9]+\\][A-Za-z_.]*)?(?:'|:)")]
    private static partial Regex Place();
}
