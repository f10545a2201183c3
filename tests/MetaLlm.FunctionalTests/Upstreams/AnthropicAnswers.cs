namespace MetaLlm.FunctionalTests.Upstreams;

/// <summary>Answers of the Messages API, whole and as events.</summary>
internal static class AnthropicAnswers
{
    /// <summary>A token of this provider: five letters and a space, so that no estimate from characters is below its count.</summary>
    private const string Token = "token ";

    /// <summary>A signature that only its own thinking has.</summary>
    public static string Signature(string thinking) => $"sig-{thinking.Length}-{thinking.Sum(c => c)}";

    /// <summary>
    /// What the model says: thinking where it is on; calls of the first two tools until their results are there; JSON where a schema is asked for; else words, and how
    /// many images and documents it saw.
    /// </summary>
    public static IReadOnlyList<Dictionary<string, object?>> Blocks(AnthropicCall call, int tokens)
    {
        var blocks = new List<Dictionary<string, object?>>();
        if (call.Thinks)
        {
            const string Thought = "Let me think of it.";
            blocks.Add(new() { ["type"] = "thinking", ["thinking"] = Thought, ["signature"] = Signature(Thought) });
            blocks.Add(new() { ["type"] = "redacted_thinking", ["data"] = "hidden" });
        }

        var hasResults = call.Last.Any(b => AnthropicCall.Text(b, "type") == "tool_result");
        if (call.Has("tools") && !hasResults && !(call.Has("tool_choice") && AnthropicCall.Text(call.Asked.GetProperty("tool_choice"), "type") == "none"))
        {
            blocks.Add(Words("I shall look."));
            var turn = call.Asked.GetProperty("messages").GetArrayLength();
            blocks.AddRange(call.Asked.GetProperty("tools").EnumerateArray().Take(2).Select((tool, i) => new Dictionary<string, object?>
            {
                ["type"] = "tool_use",
                ["id"] = $"toolu_{turn}_{i}",
                ["name"] = AnthropicCall.Text(tool, "name"),
                ["caller"] = new { type = "direct" },
                ["input"] = i == 0 ? new Dictionary<string, object> { ["city"] = "Köln \"am Rhein\"", ["days"] = 3 } : [],
            }));
            return blocks;
        }

        var text = call.Asked.TryGetProperty("output_config", out var output) && output.TryGetProperty("format", out _) ? "{\"answer\":42}"
            : call.Last.Count(b => AnthropicCall.Text(b, "type") is "image" or "document") is > 0 and var seen ? $"I see {seen}."
            : string.Concat(Enumerable.Repeat(Token, tokens));
        blocks.Add(Words(text));
        return blocks;
    }

    public static async Task PlainAsync(AnthropicCall call, Order order, IReadOnlyList<Dictionary<string, object?>> blocks, AnthropicMeter meter)
    {
        meter.Generated = Tokens(blocks);
        if (order.Fault is InvoiceFault.ErrorBesideChoices or InvoiceFault.RoleThenError)
        {
            meter.IsKnown = false;
            meter.Refuse();
            await call.JsonAsync(200, new { type = "error", error = new { type = "api_error", message = "gone" } });
            return;
        }

        var isKnown = order.Fault is InvoiceFault.None or InvoiceFault.NoTemperature;
        meter.IsKnown = isKnown;
        var message = new { id = "msg_1", type = "message", role = "assistant", model = call.Model, container = (object?)null, diagnostics = (object?)null, stop_details = (object?)null, content = blocks, stop_reason = Reason(blocks), stop_sequence = (string?)null, usage = meter.ToUsage() };
        switch (order.Fault)
        {
            case InvoiceFault.NoUsage or InvoiceFault.ZeroUsage:
                await call.JsonAsync(200, new { message.id, message.type, message.role, message.model, message.content, message.stop_reason, message.stop_sequence });
                break;
            case InvoiceFault.Cut or InvoiceFault.BadJson:
                var bytes = JsonSerializer.SerializeToUtf8Bytes(message);
                call.Http.Response.ContentType = "application/json";
                await call.Http.Response.Body.WriteAsync(bytes.AsMemory(0, bytes.Length / 2));
                await call.Http.Response.Body.FlushAsync();
                break;
            default:
                await call.JsonAsync(200, message);
                break;
        }
    }

    public static async Task StreamAsync(AnthropicCall call, Order order, IReadOnlyList<Dictionary<string, object?>> blocks, AnthropicMeter meter)
    {
        var total = Tokens(blocks);
        meter.Generated = 1;
        await call.EventAsync("message_start", new
        {
            type = "message_start",
            message = new { id = "msg_1", type = "message", role = "assistant", model = call.Model, container = (object?)null, diagnostics = (object?)null, stop_details = (object?)null, content = Array.Empty<object>(), stop_reason = (string?)null, stop_sequence = (string?)null, usage = meter.ToUsage() },
        });
        await call.EventAsync("ping", new { type = "ping" });
        if (order.Fault is InvoiceFault.ErrorBesideChoices or InvoiceFault.RoleThenError)
        {
            meter.IsKnown = false;
            meter.Refuse();
            await call.EventAsync("error", new { type = "error", error = new { type = "overloaded_error", message = "Overloaded" } });
            return;
        }

        for (var i = 0; i < blocks.Count; i++)
        {
            await BlockAsync(call, i, blocks[i]);
            meter.Generated = Tokens([.. blocks.Take(i + 1)]);
        }

        meter.Generated = total;
        if (order.Fault is InvoiceFault.Cut or InvoiceFault.BadJson)
        {
            // The body ends in good order and the message does not.
            meter.IsKnown = false;
            return;
        }

        await call.EventAsync("message_delta", new { type = "message_delta", delta = new { stop_reason = Reason(blocks), stop_sequence = (string?)null, container = (object?)null, stop_details = (object?)null }, usage = meter.ToUsage() });
        await call.EventAsync("message_stop", new { type = "message_stop" });
    }

    private static async Task BlockAsync(AnthropicCall call, int index, Dictionary<string, object?> block)
    {
        var type = (string)block["type"]!;
        var start = new Dictionary<string, object?>(block);
        var deltas = new List<object>();
        switch (type)
        {
            case "text":
                start["text"] = "";
                deltas.AddRange(Halves((string)block["text"]!).Select(text => new { type = "text_delta", text }));
                break;
            case "thinking":
                (start["thinking"], start["signature"]) = ("", "");
                deltas.AddRange(Halves((string)block["thinking"]!).Select(thinking => new { type = "thinking_delta", thinking }));
                deltas.Add(new { type = "signature_delta", signature = block["signature"] });
                break;
            case "tool_use":
                start["input"] = new { };
                deltas.Add(new { type = "input_json_delta", partial_json = "" });
                var input = JsonSerializer.Serialize(block["input"]);
                deltas.AddRange(input == "{}" ? [] : Halves(input).Select(partial_json => new { type = "input_json_delta", partial_json }));
                break;
        }

        await call.EventAsync("content_block_start", new { type = "content_block_start", index, content_block = start });
        foreach (var delta in deltas)
        {
            await call.EventAsync("content_block_delta", new { type = "content_block_delta", index, delta });
        }

        await call.EventAsync("content_block_stop", new { type = "content_block_stop", index });
    }

    private static IEnumerable<string> Halves(string text) => [text[..(text.Length / 2)], text[(text.Length / 2)..]];

    private static Dictionary<string, object?> Words(string text) => new() { ["type"] = "text", ["text"] = text };

    private static string Reason(IReadOnlyList<Dictionary<string, object?>> blocks) => blocks.Any(b => (string)b["type"]! == "tool_use") ? "tool_use" : "end_turn";

    /// <summary>A token for each piece of six signs, of whatever block.</summary>
    private static long Tokens(IReadOnlyList<Dictionary<string, object?>> blocks) =>
        blocks.Sum(b => (JsonSerializer.Serialize(b.GetValueOrDefault("text") ?? b.GetValueOrDefault("thinking") ?? b.GetValueOrDefault("input")).Length + 3) / 6);
}
