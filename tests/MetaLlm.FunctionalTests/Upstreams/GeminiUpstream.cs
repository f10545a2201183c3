using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Google Gemini's <c>generateContent</c>. Its third generation wants the signature of each turn's first call back.</summary>
internal sealed class GeminiUpstream() : CloudUpstream("/{version}/models/{call}")
{
    public const string Key = "gemini-test-key";

    private const string CallSignature = "c2lnbmF0dXJlIG9mIGEgY2FsbA==";
    private const string TextSignature = "c2lnbmF0dXJlIG9mIGEgdGV4dA==";

    private static readonly string[] Known = ["contents", "systemInstruction", "generationConfig", "tools", "toolConfig", "safetySettings", "cachedContent"];

    protected override async Task AnswerAsync(HttpContext http, byte[] body)
    {
        var (model, method) = ((string)http.Request.RouteValues["call"]!).Split(':') is [var name, var verb] ? (name, verb) : (string.Empty, string.Empty);
        var stream = method == "streamGenerateContent";
        var asked = JsonDocument.Parse(body).RootElement.Clone();
        if (Problem(http, asked, model) is { } problem)
        {
            object[] details = problem.Code == 429 ? [new Dictionary<string, string> { ["@type"] = "type.googleapis.com/google.rpc.RetryInfo", ["retryDelay"] = "34s" }] : [];
            await JsonAsync(http, problem.Code, new { error = new { code = problem.Code, message = problem.Message, status = problem.Status, details } });
            return;
        }

        Keep(asked);
        var usage = new { promptTokenCount = 20, cachedContentTokenCount = 8, candidatesTokenCount = 6, thoughtsTokenCount = 3, totalTokenCount = 29 };
        if (model == "gemini-blocked")
        {
            var feedback = new { promptFeedback = new { blockReason = "SAFETY" }, usageMetadata = new { promptTokenCount = 20, totalTokenCount = 20 }, modelVersion = model };
            await (stream ? EventAsync(http, feedback) : JsonAsync(http, 200, feedback));
            return;
        }

        var parts = Parts(asked);
        if (!stream)
        {
            var config = asked.TryGetProperty("generationConfig", out var given) ? given : default;
            object? probabilities = Asks(config, "responseLogprobs", out _) ? new { chosenCandidates = new[] { new { token = "Hel", tokenId = 1, logProbability = -0.5 } } } : null;
            var candidates = Enumerable.Range(0, Asks(config, "candidateCount", out var count) ? count.GetInt32() : 1)
                .Select(index => new { content = new { parts, role = "model" }, finishReason = "STOP", index, logprobsResult = probabilities });
            await JsonAsync(http, 200, new { candidates, usageMetadata = usage, modelVersion = model, responseId = "r1" });
            return;
        }

        foreach (var part in parts.SelectMany(Pieces))
        {
            await EventAsync(http, new { candidates = new[] { new { content = new { parts = new[] { part }, role = "model" }, index = 0 } }, usageMetadata = new { promptTokenCount = 20 }, modelVersion = model });
        }

        if (model != "gemini-cut")
        {
            await EventAsync(http, new { candidates = new[] { new { content = new { parts = new[] { new { text = "" } }, role = "model" }, finishReason = "STOP", index = 0 } }, usageMetadata = usage, modelVersion = model });
        }
    }

    private static Task EventAsync(HttpContext http, object data) => PieceAsync(http, "text/event-stream", Utf8($"data: {JsonSerializer.Serialize(data)}\r\n\r\n"));

    private static bool Asks(JsonElement config, string name, out JsonElement value)
    {
        value = default;
        return config.ValueKind == JsonValueKind.Object && config.TryGetProperty(name, out value) && value.ValueKind is not (JsonValueKind.False or JsonValueKind.Null);
    }

    /// <summary>A text comes in two pieces, the last of which is signed.</summary>
    private static IEnumerable<object> Pieces(object part) =>
        JsonSerializer.SerializeToElement(part) is var json && json.TryGetProperty("text", out var text) && !json.TryGetProperty("thought", out _)
            ? [new { text = text.GetString()![..5] }, new { text = text.GetString()![5..], thoughtSignature = TextSignature }]
            : [part];

    private static List<object> Parts(JsonElement asked)
    {
        var parts = new List<object>();
        if (asked.TryGetProperty("generationConfig", out var config) && config.TryGetProperty("thinkingConfig", out var thinking)
            && thinking.TryGetProperty("includeThoughts", out var shows) && shows.GetBoolean())
        {
            parts.Add(new { text = Thought, thought = true });
        }

        var results = Of(asked.GetProperty("contents").EnumerateArray().Last(), "functionResponse").Count;
        if (asked.TryGetProperty("tools", out var tools) && results == 0)
        {
            var calls = tools[0].GetProperty("functionDeclarations").EnumerateArray().Take(2)
                .Select((tool, i) => new { id = $"fc{asked.GetProperty("contents").GetArrayLength()}{i}", name = tool.GetProperty("name").GetString(), args = new { city = "Köln \"am Rhein\"" } }).ToList();
            parts.Add(new { functionCall = calls[0], thoughtSignature = CallSignature });
            parts.AddRange(calls.Skip(1).Select(functionCall => new { functionCall }));
        }
        else
        {
            parts.Add(new { text = results > 0 ? $"I saw {results} results." : Said(asked), thoughtSignature = TextSignature });
        }

        return parts;
    }

    private static (int Code, string Status, string Message)? Problem(HttpContext http, JsonElement asked, string model)
    {
        if (http.Request.Headers["x-goog-api-key"] != Key)
        {
            return (400, "INVALID_ARGUMENT", "API key not valid. Please pass a valid API key.");
        }

        return model switch
        {
            "gemini-missing" => (404, "NOT_FOUND", $"models/{model} is not found for API version v1beta."),
            "gemini-busy" => (503, "UNAVAILABLE", "The model is overloaded. Please try again later."),
            "gemini-limited" => (429, "RESOURCE_EXHAUSTED", "You exceeded your current quota."),
            _ when asked.EnumerateObject().Select(m => m.Name).FirstOrDefault(name => !Known.Contains(name)) is { } unknown => Invalid($"Invalid JSON payload received. Unknown name \"{unknown}\": Cannot find field."),
            _ => ProblemOfContents([.. asked.GetProperty("contents").EnumerateArray()], model),
        };
    }

    private static (int, string, string)? ProblemOfContents(List<JsonElement> contents, string model)
    {
        for (var i = 0; i < contents.Count; i++)
        {
            if (contents[i].GetProperty("role").GetString() != (i % 2 == 0 ? "user" : "model") || contents[i].GetProperty("parts").GetArrayLength() == 0)
            {
                return Invalid($"* GenerateContentRequest.contents[{i}]: must be a turn with parts of the other side.");
            }

            var (calls, results) = (Of(contents[Math.Max(0, i - 1)], "functionCall"), Of(contents[i], "functionResponse"));
            if (i > 0 && !calls.Select(Name).SequenceEqual(results.Select(Name)))
            {
                return Invalid("Please ensure that the number of function response parts is equal to the number of function call parts of the function call turn.");
            }

            var signed = contents[i].GetProperty("parts").EnumerateArray().FirstOrDefault(part => part.TryGetProperty("functionCall", out _));
            if (model.StartsWith("gemini-3", StringComparison.Ordinal) && signed.ValueKind == JsonValueKind.Object
                && !(signed.TryGetProperty("thoughtSignature", out var signature) && signature.GetString() is CallSignature or "skip_thought_signature_validator"))
            {
                return Invalid("Function call is missing a thought_signature in functionCall parts.");
            }
        }

        return null;
    }

    private static string? Name(JsonElement part) => part.GetProperty("name").GetString();

    private static List<JsonElement> Of(JsonElement content, string kind) =>
        [.. content.GetProperty("parts").EnumerateArray().Where(part => part.TryGetProperty(kind, out _)).Select(part => part.GetProperty(kind))];

    private static (int, string, string) Invalid(string message) => (400, "INVALID_ARGUMENT", message);
}
