using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Judging;

namespace MetaLlm.Gateway.Rollout;

/// <summary>
/// Calls models by name beside those that serve. They are called for a tenant of its own, which decides, keeps the purse as its cap, is settled and reported like any other, so that nothing of it is counted as the tenant's.
/// </summary>
internal sealed class SideCalls(RoutingService routing, SideTenants sides)
{
    // Calls name their model, so that nothing depends on what is asked: one text for all of them is embedded once.
    private const string Query = "verdict";

    /// <summary>Calls a model.</summary>
    /// <param name="side">The tenant that pays.</param>
    /// <param name="configuration">Its configuration.</param>
    /// <param name="decisionId">The client's decision, which stands in logs and traces.</param>
    /// <param name="model">The model.</param>
    /// <param name="payload">What it is asked, to be answered in one piece.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null for what the model allows.</param>
    /// <param name="cancellationToken">Ends the call; what is owed is settled.</param>
    /// <returns>The parts of its answer.</returns>
    /// <exception cref="NoFeasibleArmException">The purse has no room, or the model is not to be called now.</exception>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> AskAsync(
        string side, TenantConfiguration configuration, string decisionId, string model, ChatPayload payload, double? maxOutputTokens, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await sides.ConfigureAsync(side, configuration, cancellationToken).ConfigureAwait(false);
        var request = new DecisionRequest
        {
            Features = QueryFeatures.Of(Query, [], null, JudgePrompt.Tokens(payload.Body)),
            PinnedArm = model,
            InputTokensBound = payload.Body.Length,
            MaxOutputTokens = maxOutputTokens,
        };
        var running = await routing.ChatAsync(side, Query, request, payload with { RequestId = decisionId }, decided: null, cancellationToken).ConfigureAwait(false);
        await using var runningEnd = running.ConfigureAwait(false);
        await foreach (var part in running.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return part;
        }
    }

    /// <summary>A client's request, for another model: as it was, but in one piece.</summary>
    /// <param name="payload">The client's, in the format of chat or of completions.</param>
    public static ChatPayload InOnePiece(ChatPayload payload)
    {
        var root = (JsonObject)JsonNode.Parse(payload.Body.Span)!;
        root.Remove("stream");
        root.Remove("stream_options");
        return payload with { Body = GuardedAnswer.Write(root), Stream = false };
    }
}
