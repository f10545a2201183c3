using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Http;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Objections;

/// <summary>What a model said against a request, as far as it can be understood. All of it is text of the upstream: never to be logged.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Body">The body; empty when it is no JSON object.</param>
/// <param name="Code">Code or type of the error; null without one.</param>
/// <param name="Parameter">The member of the request that it names; null when it names none.</param>
/// <param name="Message">The words, at most 2,000 characters.</param>
internal sealed record Objection(int Status, ReadOnlyMemory<byte> Body, string? Code, string? Parameter, string Message)
{
    /// <summary>Longest body that is read and handed on.</summary>
    public const int MostBytes = 64 * 1024;

    private static readonly string[] Unsupported =
    [
        "unsupported", "not supported", "does not support", "doesn't support", "not permitted", "unrecognized", "unknown parameter", "unknown field", "unknown name",
        "unexpected keyword", "additional properties", "extra inputs", "is deprecated",
    ];

    private static readonly string[] OutOfRange = ["must be", "between", "less than", "greater than", "at most", "at least", "maximum", "minimum", "too large", "too small"];

    // OpenAI's words of models that reason, with status 403, and Google's.
    private static readonly string[] WithoutProbabilities = ["not allowed to request logprobs", "logprobs is not enabled"];

    private const int MostCharacters = 2000;
    private const string Json = "application/json";

    /// <summary>The place in the request that it names, whole, and its words.</summary>
    public string Place { get; private init; } = Message;

    /// <summary>Whether the upstream says that it has no such model, which is no fault of the request.</summary>
    public bool IsModelMissing => Code == ObjectionCodes.ModelNotFound || Message.Contains("model not exist", StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether it says that a parameter, or its value, is not supported, rather than that the value is wrong.</summary>
    public bool IsAboutSupport => Code is "unsupported_parameter" or "unsupported_value" or "unknown_parameter" or "extra_forbidden"
        || (Has(Unsupported) && !Has(OutOfRange));

    /// <summary>Whether it says that the model tells no probabilities of tokens.</summary>
    public bool IsAboutProbabilities => Has(WithoutProbabilities);

    /// <summary>Whether it is the value that is not supported, while others may be.</summary>
    public bool IsAboutValue => Code == "unsupported_value" || Message.Contains("unsupported value", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads a body; whatever it is, it gives an objection.</summary>
    public static Objection Read(int status, ReadOnlyMemory<byte> body)
    {
        try
        {
            MemberNames.ThrowIfNotText(body.Span);
            using var document = JsonDocument.Parse(body);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return Read(status, body, document.RootElement);
            }
        }
        catch (JsonException)
        {
            // A page of a proxy, or a text. It may still name a parameter.
        }

        return new Objection(status, default, null, null, Shorten(System.Text.Encoding.UTF8.GetString(body.Span[..Math.Min(body.Length, MostCharacters)])));
    }

    /// <summary>What the client gets: the body as it came, or one of ours where it is no JSON object.</summary>
    /// <param name="status">HTTP status.</param>
    /// <param name="body">A JSON object, or empty.</param>
    public static UpstreamObjection From(int status, ReadOnlyMemory<byte> body) => new(status, Json, body.IsEmpty ? Unnamed(status) : body);

    /// <summary>The failure that it is when nothing cures it.</summary>
    public ChatProviderException ToFailure() =>
        Code == ObjectionCodes.Quota ? new ChatProviderException(ChatFailure.Refused, $"The account has no credit left (status {Status}).") { UpstreamStatus = 402 }
        : Code == ObjectionCodes.KeyRefused ? new ChatProviderException(ChatFailure.Refused, $"The upstream refuses the key (status {Status}).") { UpstreamStatus = 401 }
        : IsModelMissing
        // Some say so with a status of requests. It is the same as 404: no request will do better.
        ? new ChatProviderException(ChatFailure.Refused, $"The upstream does not know the model (status {Status}).") { UpstreamStatus = 404 }
        : Status == UpstreamStatus.Forbidden ? new ChatProviderException(ChatFailure.Refused, $"The upstream answered with status {Status}.") { UpstreamStatus = Status }
        : new ChatProviderException(ChatFailure.Objected, $"The model objects to the request (status {Status}).")
        {
            UpstreamStatus = Status, Objection = From(Status, Body),
        };

    private static Objection Read(int status, ReadOnlyMemory<byte> body, JsonElement root)
    {
        var error = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object ? inner : root;
        var message = JsonTexts.Read(error, "message") ?? JsonTexts.Read(root, "error") ?? JsonTexts.Read(root, "detail") ?? string.Empty;
        var code = JsonTexts.Read(error, "code") ?? JsonTexts.Read(error, "type");
        var parameter = JsonTexts.Read(error, "param");
        if (root.TryGetProperty("detail", out var details) && details.ValueKind == JsonValueKind.Array
            && details.EnumerateArray().FirstOrDefault() is { ValueKind: JsonValueKind.Object } first)
        {
            // Servers written with FastAPI name the place in the request.
            message = JsonTexts.Read(first, "msg") ?? message;
            code = JsonTexts.Read(first, "type") ?? code;
            parameter ??= first.TryGetProperty("loc", out var place) && place.ValueKind == JsonValueKind.Array
                ? string.Join('.', place.EnumerateArray().Select(JsonTexts.Read).Where(name => name is not (null or "body")))
                : null;
        }

        return new Objection(status, body, code, string.IsNullOrEmpty(parameter) ? null : parameter.Split('.', '[')[0], Shorten(message)) { Place = $"{parameter} {Shorten(message)}" };
    }

    private bool Has(string[] phrases) => Array.Exists(phrases, p => Message.Contains(p, StringComparison.OrdinalIgnoreCase));

    private static string Shorten(string text) => text.Length <= MostCharacters ? text : text[..MostCharacters];

    private static ReadOnlyMemory<byte> Unnamed(int status)
    {
        var output = new ArrayBufferWriter<byte>(128);
        using (var json = new Utf8JsonWriter(output))
        {
            json.WriteStartObject();
            json.WriteStartObject("error");
            json.WriteString("message", $"The model objects to the request with status {status}.");
            json.WriteString("type", "invalid_request_error");
            json.WriteNull("param");
            json.WriteNull("code");
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return output.WrittenMemory;
    }
}
