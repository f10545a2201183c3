using Microsoft.AspNetCore.Http;

namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Amazon Bedrock's Converse. It checks signatures, and the signatures of thinking.</summary>
internal sealed class BedrockUpstream() : CloudUpstream("/model/{model}/{method}")
{
    public const string KeyId = "AKIDTEST";
    public const string Secret = "secret-of-a-test";
    public const string BearerKey = "ABSKtest";
    public const string Region = "eu-central-1";

    private const string Signature = "signature-of-thinking";

    private static readonly string[] Known =
    [
        "messages", "system", "inferenceConfig", "toolConfig", "guardrailConfig", "additionalModelRequestFields", "promptVariables", "additionalModelResponseFieldPaths", "requestMetadata",
        "performanceConfig", "serviceTier", "outputConfig",
    ];

    protected override async Task AnswerAsync(HttpContext http, byte[] body)
    {
        http.Response.Headers["x-amzn-RequestId"] = Guid.NewGuid().ToString();
        var model = (string)http.Request.RouteValues["model"]!;
        var asked = JsonDocument.Parse(body).RootElement.Clone();
        var isKnown = http.Request.Headers.Authorization == $"Bearer {BearerKey}" || AmazonSignature.IsRight(http.Request, body, KeyId, Secret, Region, "bedrock");
        if ((isKnown ? Problem(asked, model) : (403, "UnrecognizedClientException", "The security token included in the request is invalid.")) is { } problem)
        {
            http.Response.Headers["x-amzn-ErrorType"] = problem.Type;
            await JsonAsync(http, problem.Status, new { message = problem.Message });
            return;
        }

        Keep(asked);
        var blocks = Blocks(asked);
        var stopReason = blocks.Exists(block => block.Tool is not null) ? "tool_use" : "end_turn";
        var usage = new { inputTokens = 12, outputTokens = 9, totalTokens = 29, cacheReadInputTokens = 6, cacheWriteInputTokens = 2 };
        if ((string)http.Request.RouteValues["method"]! == "converse")
        {
            await JsonAsync(http, 200, new { metrics = new { latencyMs = 5 }, output = new { message = new { content = blocks.Select(Whole), role = "assistant" } }, stopReason, usage });
            return;
        }

        await EventAsync(http, "messageStart", new { role = "assistant", p = "abcd" });
        if (model == "throttled-in-stream")
        {
            await PieceAsync(http, AmazonEvents.MediaType, AmazonEvents.Exception("throttlingException", """{"message":"Too many tokens, please wait before trying again."}"""));
            return;
        }

        for (var i = 0; i < blocks.Count; i++)
        {
            await BlockAsync(http, i, blocks[i]);
        }

        if (model != "cut")
        {
            await EventAsync(http, "messageStop", new { stopReason });
            await EventAsync(http, "metadata", new { metrics = new { latencyMs = 5 }, usage });
        }
    }

    private static Task EventAsync(HttpContext http, string name, object data) => PieceAsync(http, AmazonEvents.MediaType, AmazonEvents.Event(name, JsonSerializer.Serialize(data)));

    private static object Whole(Block block) =>
        block.Tool is { } tool ? new { toolUse = new { toolUseId = tool.Id, name = tool.Name, input = new { city = "Köln \"am Rhein\"" } } }
        : block.IsThought ? new { reasoningContent = new { reasoningText = new { text = block.Text, signature = Signature } } }
        : new { text = block.Text };

    private static async Task BlockAsync(HttpContext http, int contentBlockIndex, Block block)
    {
        if (block.Tool is { } tool)
        {
            await EventAsync(http, "contentBlockStart", new { contentBlockIndex, start = new { toolUse = new { toolUseId = tool.Id, name = tool.Name } } });
            await DeltaAsync(new { toolUse = new { input = "{\"city\": \"Köln " } });
            await DeltaAsync(new { toolUse = new { input = "\\\"am Rhein\\\"\"}" } });
        }
        else if (block.IsThought)
        {
            await DeltaAsync(new { reasoningContent = new { text = block.Text } });
            await DeltaAsync(new { reasoningContent = new { signature = Signature } });
        }
        else
        {
            await DeltaAsync(new { text = block.Text[..5] });
            await DeltaAsync(new { text = block.Text[5..] });
        }

        await EventAsync(http, "contentBlockStop", new { contentBlockIndex });

        Task DeltaAsync(object delta) => EventAsync(http, "contentBlockDelta", new { contentBlockIndex, delta, p = "abc" });
    }

    private static List<Block> Blocks(JsonElement asked)
    {
        var blocks = new List<Block>();
        if (Thinks(asked))
        {
            blocks.Add(new(Thought, true, null));
        }

        var messages = asked.GetProperty("messages");
        var results = Of(messages.EnumerateArray().Last(), "toolResult").Count;
        if (asked.TryGetProperty("toolConfig", out var config) && results == 0)
        {
            blocks.AddRange(config.GetProperty("tools").EnumerateArray().Where(tool => tool.TryGetProperty("toolSpec", out _)).Take(2)
                .Select((tool, i) => new Block("", false, ($"tooluse_{messages.GetArrayLength()}{i}", tool.GetProperty("toolSpec").GetProperty("name").GetString()!))));
        }
        else
        {
            blocks.Add(new(results > 0 ? $"I saw {results} results." : Said(asked), false, null));
        }

        return blocks;
    }

    private static bool Thinks(JsonElement asked) =>
        asked.TryGetProperty("additionalModelRequestFields", out var fields) && fields.TryGetProperty("thinking", out var thinking) && thinking.GetProperty("type").GetString() is "enabled" or "adaptive";

    private static (int Status, string Type, string Message)? Problem(JsonElement asked, string model)
    {
        if (model is "busy" or "limited")
        {
            return model == "busy" ? (503, "ServiceUnavailableException", "Bedrock is unable to process your request.") : (429, "ThrottlingException", "Too many requests, please wait before trying again.");
        }

        if (asked.EnumerateObject().Select(m => m.Name).FirstOrDefault(name => !Known.Contains(name)) is { } unknown)
        {
            return Invalid($"Unexpected field: {unknown}");
        }

        var turns = asked.GetProperty("messages").EnumerateArray().ToList();
        for (var i = 0; i < turns.Count; i++)
        {
            var (calls, results) = (Of(turns[Math.Max(0, i - 1)], "toolUse"), Of(turns[i], "toolResult"));
            if (turns[i].GetProperty("role").GetString() != (i % 2 == 0 ? "user" : "assistant") || turns[i].GetProperty("content").GetArrayLength() == 0)
            {
                return Invalid("A conversation must alternate between user and assistant roles, and start with a user message.");
            }

            if (i > 0 && !calls.Select(Id).SequenceEqual(results.Select(Id)))
            {
                return Invalid($"Expected toolResult blocks at messages.{i}.content for the following Ids: {string.Join(", ", calls.Select(Id))}");
            }

            var thoughts = Of(turns[i], "reasoningContent");
            if (thoughts.Exists(thought => thought.GetProperty("reasoningText").GetProperty("signature").GetString() != Signature))
            {
                return Invalid($"messages.{i}: Invalid `signature` in `thinking` block");
            }

            if (Thinks(asked) && i == turns.Count - 2 && Of(turns[i], "toolUse").Count > 0 && thoughts.Count == 0)
            {
                return Invalid($"messages.{i}.content.0.type: Expected `thinking` or `redacted_thinking`, but found `tool_use`");
            }
        }

        return null;
    }

    private static string? Id(JsonElement block) => block.GetProperty("toolUseId").GetString();

    private static List<JsonElement> Of(JsonElement turn, string kind) =>
        [.. turn.GetProperty("content").EnumerateArray().Where(block => block.TryGetProperty(kind, out _)).Select(block => block.GetProperty(kind))];

    private static (int, string, string) Invalid(string message) => (400, "ValidationException", message);

    private sealed record Block(string Text, bool IsThought, (string Id, string Name)? Tool);
}
