using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>A line of the results, in OpenAI's batch format, with the model and the money beside it.</summary>
/// <param name="job">Name of the batch.</param>
/// <param name="number">The query's number in the file, from 0.</param>
/// <param name="line">The query.</param>
internal sealed class BatchResult(string job, int number, BatchLine line)
{
    /// <summary>What a gateway answered, be it an answer or an error.</summary>
    /// <param name="model">The model of the call.</param>
    /// <param name="reply">What came of it.</param>
    /// <param name="costUsd">What it has cost, USD.</param>
    /// <param name="lostUsd">By model, USD that other calls have cost.</param>
    public JsonObject Of(string? model, BatchReply reply, double costUsd, IReadOnlyDictionary<string, double> lostUsd) => Create(
        model,
        costUsd,
        lostUsd,
        reply.Status is { } status ? new JsonObject { ["status_code"] = (int)status, ["request_id"] = reply.DecisionId, ["body"] = Body(reply.Text) } : null,
        reply.Status is null ? Error("no_answer", reply.Text) : null);

    /// <summary>A line whose last call was not made.</summary>
    /// <param name="code">Why, for programs.</param>
    /// <param name="message">Why, for people.</param>
    /// <param name="lostUsd">By model, USD that calls have cost.</param>
    public JsonObject Refused(string code, string message, IReadOnlyDictionary<string, double> lostUsd) => Create(null, 0, lostUsd, null, Error(code, message));

    private JsonObject Create(string? model, double costUsd, IReadOnlyDictionary<string, double> lostUsd, JsonObject? response, JsonObject? error)
    {
        var own = new JsonObject { ["model"] = model, ["cost_usd"] = costUsd };
        if (lostUsd.Count > 0)
        {
            own["lost_usd"] = new JsonObject(lostUsd.Select(lost => KeyValuePair.Create(lost.Key, (JsonNode?)lost.Value)));
        }

        return new JsonObject
        {
            ["id"] = $"batch_req_{job[..12]}_{number + 1}",
            ["custom_id"] = line.CustomId,
            ["response"] = response,
            ["error"] = error,
            ["metallm"] = own,
        };
    }

    private static JsonObject Error(string code, string message) => new() { ["code"] = code, ["message"] = message };

    private static JsonNode? Body(string text)
    {
        try
        {
            var body = JsonNode.Parse(text);
            if (body is not null && text.Contains("\\u", StringComparison.Ordinal))
            {
                BatchJson.Bytes(body);
            }

            return body;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // An upstream's own words need not be JSON, nor such JSON as can be written once more: an escape may be half of a UTF-16 pair.
            return text;
        }
    }
}
