using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>Errors of the Responses API: those before an answer have chat's form and name members by their other names; those in an answer have a form of their own.</summary>
internal static class ResponsesErrors
{
    /// <summary>Rewrites a body; one that is no such error stays as it is.</summary>
    public static ReadOnlyMemory<byte> Read(ReadOnlyMemory<byte> body)
    {
        try
        {
            MemberNames.ThrowIfNotText(body.Span);
            using var document = JsonDocument.Parse(body);
            if (!document.RootElement.Says("error", out var error) || error.ValueKind != JsonValueKind.Object || JsonTexts.Read(error, "param") is not { } place)
            {
                return body;
            }

            using var chat = new CompletionWriter(default);
            return chat.Error(json =>
            {
                foreach (var member in error.EnumerateObject())
                {
                    if (member.NameEquals("param"u8))
                    {
                        json.WriteString("param", Member(place));
                    }
                    else
                    {
                        json.WriteAsIs(member.Name, member.Value);
                    }
                }
            }).ToArray();
        }
        catch (JsonException)
        {
            return body;
        }
    }

    /// <summary>Writes the members of an error that stands in an answer.</summary>
    /// <param name="json">Receives them.</param>
    /// <param name="error">Has <c>code</c> and <c>message</c>.</param>
    public static void Write(Utf8JsonWriter json, JsonElement error)
    {
        var code = JsonTexts.Read(error, "code") ?? JsonTexts.Read(error, "type");
        json.WriteString("message", JsonTexts.Read(error, "message") ?? string.Empty);
        json.WriteString("type", code ?? "server_error");
        json.WriteString("param", JsonTexts.Read(error, "param") is { } place ? Member(place) : null);
        if (Status(code) is { } status)
        {
            json.WriteNumber("code", status);
        }
        else
        {
            json.WriteString("code", code);
        }
    }

    /// <summary>The status that an error would have had before the answer; null where its code says all.</summary>
    private static int? Status(string? code) => code switch
    {
        null or "server_error" => 500,
        "rate_limit_exceeded" => 429,
        "vector_store_timeout" => 504,
        "invalid_prompt" or "bio_policy" or "invalid_request_error" => 400,
        _ when code.Contains("image", StringComparison.Ordinal) => 400,
        _ => null,
    };

    private static string Member(string place) => place switch
    {
        "reasoning.effort" => "reasoning_effort",
        "text.verbosity" => "verbosity",
        "max_output_tokens" => "max_completion_tokens",
        _ when place.StartsWith("text.format", StringComparison.Ordinal) => "response_format",
        _ when place == "input" || place.StartsWith("input[", StringComparison.Ordinal) => "messages" + place["input".Length..],
        _ => place,
    };
}
