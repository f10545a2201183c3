using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace MetaLlm.Gateway.Batches;

/// <summary>Asks a gateway what a batch needs of it.</summary>
/// <param name="transport">Brings the requests there.</param>
/// <param name="url">The endpoint of the batch's queries.</param>
/// <param name="time">The clock.</param>
internal sealed class BatchClient(IBatchTransport transport, string url, TimeProvider time)
{
    private static readonly TimeSpan SettlementPause = TimeSpan.FromMilliseconds(100);
    private const int SettlementTries = 50;

    /// <summary>What is predicted of some requests; nothing is decided or paid.</summary>
    /// <returns>The models of each, as <c>POST /v1/assess</c> describes them.</returns>
    /// <exception cref="BatchException">The gateway refuses, or does not answer.</exception>
    public async Task<IReadOnlyList<JsonArray>> AssessAsync(IReadOnlyList<BatchLine> lines, CancellationToken cancellationToken)
    {
        // What a line says of its model says which ones it may have.
        using var body = new MemoryStream();
        body.Write("{\"requests\":["u8);
        foreach (var line in lines)
        {
            body.Write(body.Length > "{\"requests\":["u8.Length ? ","u8 : ""u8);
            body.Write(line.Body);
        }

        body.Write("]}"u8);
        for (var attempt = 1; ; attempt++)
        {
            var reply = await transport.SendAsync("/v1/assess", body.ToArray(), key: null, cancellationToken).ConfigureAwait(false);
            if (reply.Status == HttpStatusCode.OK)
            {
                return Arms(reply.Text) is { } arms && arms.Count == lines.Count
                    ? arms
                    : throw new BatchException($"{transport.Name} does not answer as a router does.", isOfGateway: true);
            }

            if (IsOfQuery(reply) && lines.Count > 1)
            {
                // One of them is at fault: alone, it is named.
                var alone = new List<JsonArray>(lines.Count);
                foreach (var line in lines)
                {
                    alone.AddRange(await AssessAsync([line], cancellationToken).ConfigureAwait(false));
                }

                return alone;
            }

            if (!reply.MayComeAgain || attempt == BatchRetries.Most)
            {
                var where = IsOfQuery(reply) ? $"query '{lines[0].CustomId}': " : "";
                throw new BatchException($"the gateway at {transport.Name} refuses the batch: {where}{reply.Describe()}", isOfGateway: true);
            }

            await Task.Delay(BatchRetries.Pause(attempt, reply.RetryAfter), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Makes a call.</summary>
    /// <param name="body">The request.</param>
    /// <param name="key">Names the call: one that comes again with it is not paid twice, for as long as the gateway remembers.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="BatchException">The key opens nothing any more.</exception>
    public async Task<BatchReply> CallAsync(byte[] body, string key, CancellationToken cancellationToken)
    {
        var reply = await transport.SendAsync(url, body, key, cancellationToken).ConfigureAwait(false);
        return reply.Status is HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden && reply.DecisionId is null
            ? throw new BatchException($"the gateway at {transport.Name} refuses the key: {reply.Describe()}", isOfGateway: true)
            : reply;
    }

    /// <summary>What a decision's call has cost with its attempts, USD; NaN where the gateway does not say so in time.</summary>
    /// <exception cref="BatchException">The key may not ask.</exception>
    public async Task<double> FindCostAsync(string decisionId, CancellationToken cancellationToken)
    {
        for (var attempt = 0; attempt < SettlementTries; attempt++)
        {
            var reply = await transport.SendAsync($"/v1/decisions/{Uri.EscapeDataString(decisionId)}", body: null, key: null, cancellationToken).ConfigureAwait(false);
            if (reply.Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized)
            {
                throw new BatchException("the key may not read decisions, which say what calls have cost; it needs the scopes chat and read.", isOfGateway: true);
            }

            if (reply.Status == HttpStatusCode.OK && CostOf(reply.Text) is { } cost)
            {
                return cost;
            }

            if (reply.IsLate)
            {
                break;
            }

            await Task.Delay(SettlementPause, time, cancellationToken).ConfigureAwait(false);
        }

        return double.NaN;
    }

    /// <summary>Whether a refusal is of what the requests say, rather than of who asks.</summary>
    private static bool IsOfQuery(BatchReply reply) =>
        reply.Status is HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity;

    /// <summary>The models of each request; null for what is no answer of the endpoint.</summary>
    private static List<JsonArray>? Arms(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["data"]?.AsArray().Select(one => one!["arms"]!.AsArray()).ToList();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or NullReferenceException)
        {
            return null;
        }
    }

    /// <summary>What a decision's attempts have cost; null while that is not settled, or for what is no decision.</summary>
    private static double? CostOf(string text)
    {
        try
        {
            var decision = JsonNode.Parse(text);
            return decision?["settlement"] is null ? null : decision["attempts"]?.AsArray().Sum(attempt => (double?)attempt?["cost_usd"] ?? 0);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }
    }
}
