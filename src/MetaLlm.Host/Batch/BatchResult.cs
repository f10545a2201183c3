using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Host.Batch;

/// <summary>A line of the results, in OpenAI's batch format, with the model and the cost beside it.</summary>
internal static class BatchResult
{
    /// <summary>What a gateway answered, be it an answer or an error.</summary>
    public static JsonObject Of(string job, int number, BatchLine line, string? model, BatchReply reply, double costUsd) => Create(
        job, number, line, model, costUsd, reply.Status is { } status ? new JsonObject { ["status_code"] = (int)status, ["request_id"] = reply.DecisionId, ["body"] = Body(reply.Text) } : null,
        reply.Status is null ? Error("no_answer", reply.Text) : null);

    /// <summary>A line that no call was made for.</summary>
    public static JsonObject Refused(string job, int number, BatchLine line, string code, string message) => Create(job, number, line, null, 0, null, Error(code, message));

    /// <summary>Whether a result is an answer.</summary>
    public static bool IsAnswer(JsonNode result) => (int?)result["response"]?["status_code"] == 200;

    private static JsonObject Create(string job, int number, BatchLine line, string? model, double costUsd, JsonObject? response, JsonObject? error) => new()
    {
        ["id"] = $"batch_req_{job[..12]}_{number + 1}",
        ["custom_id"] = line.CustomId,
        ["response"] = response,
        ["error"] = error,
        ["metallm"] = new JsonObject { ["model"] = model, ["cost_usd"] = costUsd },
    };

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };

    private static JsonNode? Body(string text)
    {
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // An upstream's own words need not be JSON.
            return text;
        }
    }
}
