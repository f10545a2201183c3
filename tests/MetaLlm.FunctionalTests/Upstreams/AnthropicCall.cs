using System.Text;
using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>A request of the Messages API as it reached the upstream.</summary>
/// <param name="http">The exchange.</param>
/// <param name="asked">The request's body.</param>
internal sealed class AnthropicCall(HttpContext http, JsonElement asked)
{
    /// <summary>The version that knows no sampling parameters.</summary>
    public const string NewerVersion = "2026-10-21";

    private static readonly string[] Sampling = ["temperature", "top_p", "top_k"];

    private static readonly string[] Known =
    [
        "model", "messages", "max_tokens", "system", "tools", "tool_choice", "stop_sequences", "stream", "temperature", "top_p", "top_k", "metadata", "thinking", "output_config", "service_tier", "mcp_servers",
    ];

    public HttpContext Http { get; } = http;

    public JsonElement Asked { get; } = asked;

    public string Model => Text(Asked, "model");

    public bool Stream => Asked.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;

    public int MaxTokens => Asked.GetProperty("max_tokens").GetInt32();

    public bool Thinks => Asked.TryGetProperty("thinking", out var thinking) && Text(thinking, "type") is "enabled" or "adaptive";

    /// <summary>Whether it marks something for the cache.</summary>
    public bool IsMarked => Asked.GetRawText().Contains("\"cache_control\"", StringComparison.Ordinal);

    /// <summary>The first text of the first turn.</summary>
    public string FirstText => Blocks(Asked.GetProperty("messages")[0]).Select(b => Text(b, "text")).FirstOrDefault(t => t.Length > 0) ?? string.Empty;

    /// <summary>Blocks of the last turn.</summary>
    public IReadOnlyList<JsonElement> Last => [.. Blocks(Asked.GetProperty("messages").EnumerateArray().Last())];

    /// <summary>A token for six signs of the first text and of the tools, so that no estimate is below.</summary>
    public long PromptTokens => 1 + (FirstText.Length / 6) + (Has("tools") ? Asked.GetProperty("tools").GetRawText().Length / 8 : 0);

    public bool Has(string member) => Asked.TryGetProperty(member, out _);

    public static string Text(JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : string.Empty;

    public static IEnumerable<JsonElement> Blocks(JsonElement turn) =>
        turn.GetProperty("content") is { ValueKind: JsonValueKind.Array } blocks ? blocks.EnumerateArray() : [JsonSerializer.SerializeToElement(new { type = "text", text = turn.GetProperty("content").GetString() })];

    /// <summary>What is wrong with the request by the rules of the format; null when nothing is.</summary>
    public (int Status, string Type, string Message)? Problem()
    {
        // The newer clients send the key as a bearer; where both are there, x-api-key counts.
        var key = Http.Request.Headers["x-api-key"] is { Count: 1 } own ? own.ToString() : Http.Request.Headers.Authorization.ToString().Replace("Bearer ", "", StringComparison.Ordinal);
        if (key != AnthropicUpstream.Key)
        {
            return (401, "authentication_error", "invalid x-api-key");
        }

        var version = Http.Request.Headers["anthropic-version"].ToString();
        if (version is not ("2023-06-01" or NewerVersion))
        {
            return Invalid($"anthropic-version: \"{version}\" is not a valid version");
        }

        if (version == NewerVersion && Sampling.FirstOrDefault(Has) is { } sampling)
        {
            return Invalid($"{sampling}: Extra inputs are not permitted");
        }

        if (Asked.EnumerateObject().Select(m => m.Name).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            return Invalid($"{unknown}: Extra inputs are not permitted");
        }

        if (Model == "claude-missing")
        {
            return (404, "not_found_error", "model: claude-missing");
        }

        if (!Asked.TryGetProperty("max_tokens", out var limit) || limit.ValueKind != JsonValueKind.Number)
        {
            return Invalid("max_tokens: Field required");
        }

        if (Asked.TryGetProperty("temperature", out var temperature) && temperature.GetDouble() is < 0 or > 1)
        {
            return Invalid("temperature: range: 0..1");
        }

        return Thinks && Asked.GetProperty("thinking").TryGetProperty("budget_tokens", out var budget) && (budget.GetInt32() < 1024 || budget.GetInt32() >= MaxTokens)
            ? Invalid("max_tokens: must be greater than thinking.budget_tokens")
            : ProblemOfMessages();
    }

    public Task ErrorAsync(int status, string type, string message) => JsonAsync(status, new { type = "error", error = new { type, message, details = (object?)null }, request_id = Http.Response.Headers["request-id"].ToString() });

    public async Task JsonAsync(int status, object body)
    {
        var bytes = JsonSerializer.SerializeToUtf8Bytes(body);
        Http.Response.StatusCode = status;
        Http.Response.ContentType = "application/json";
        Http.Response.ContentLength = bytes.Length;
        await Http.Response.Body.WriteAsync(bytes, Http.RequestAborted);
    }

    public async Task EventAsync(string name, object data)
    {
        if (!Http.Response.HasStarted)
        {
            Http.Response.ContentType = "text/event-stream; charset=utf-8";
        }

        await Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: {name}\ndata: {JsonSerializer.Serialize(data)}\n\n"), Http.RequestAborted);
        await Http.Response.Body.FlushAsync(Http.RequestAborted);
    }

    private (int, string, string)? ProblemOfMessages()
    {
        var turns = Asked.GetProperty("messages").EnumerateArray().ToList();
        if (turns.Count == 0 || Text(turns[0], "role") != "user")
        {
            return Invalid("messages: first message must use the \"user\" role");
        }

        var open = new List<string>();
        for (var i = 0; i < turns.Count; i++)
        {
            var blocks = Blocks(turns[i]).ToList();
            var results = blocks.Where(b => Text(b, "type") == "tool_result").Select(b => Text(b, "tool_use_id")).ToList();
            if (i > 0 && Text(turns[i], "role") == Text(turns[i - 1], "role"))
            {
                return Invalid($"messages.{i}: roles must alternate");
            }

            if (blocks.Count == 0 || blocks.Any(b => Text(b, "type") == "text" && Text(b, "text").Length == 0))
            {
                return Invalid($"messages.{i}: text content blocks must be non-empty");
            }

            if (open.Except(results).Any() || results.Except(open).Any() || blocks.Take(results.Count).Any(b => Text(b, "type") != "tool_result"))
            {
                return Invalid($"messages.{i}: `tool_use` ids must have their `tool_result` blocks at the start of the next message");
            }

            if (blocks.Any(b => Text(b, "type") == "thinking" && Text(b, "signature") != AnthropicAnswers.Signature(Text(b, "thinking"))))
            {
                return Invalid($"messages.{i}: Invalid `signature` in `thinking` block");
            }

            open = [.. blocks.Where(b => Text(b, "type") == "tool_use").Select(b => Text(b, "id"))];
            if (open.Count > 0 && Thinks && Text(Asked.GetProperty("thinking"), "type") == "enabled" && i >= turns.Count - 2 && Text(blocks[0], "type") is not ("thinking" or "redacted_thinking"))
            {
                return Invalid($"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `{Text(blocks[0], "type")}`");
            }
        }

        return null;
    }

    private static (int, string, string) Invalid(string message) => (400, "invalid_request_error", message);
}
