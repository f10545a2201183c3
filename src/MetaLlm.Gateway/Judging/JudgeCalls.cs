using System.Text.Json.Nodes;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Rollout;

namespace MetaLlm.Gateway.Judging;

/// <summary>
/// Calls models for judges. They are called for a tenant of its own, which decides, keeps the purse as its cap, is settled and reported like any other, so that nothing of it is counted as the tenant's.
/// </summary>
internal sealed class JudgeCalls(RoutingService routing, SideTenants sides)
{
    // Calls name their model, so that nothing depends on what is asked: one text for all of them is embedded once.
    private const string Query = "verdict";

    /// <summary>Calls a model.</summary>
    /// <param name="call">What is judged.</param>
    /// <param name="model">The model.</param>
    /// <param name="body">A chat completion request.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null for what the model allows.</param>
    /// <param name="cancellationToken">Ends the call; what is owed is settled.</param>
    /// <returns>What it says; null where it says nothing in words.</returns>
    /// <exception cref="NoFeasibleArmException">The purse has no room, or the model is not to be called now.</exception>
    public async Task<string?> AskAsync(JudgedCall call, string model, byte[] body, double? maxOutputTokens, CancellationToken cancellationToken)
    {
        var name = JudgeTenant.NameOf(call.Tenant.Id);
        await sides.ConfigureAsync(name, call.Tenant.Judges.ToConfiguration(call.Tenant.Configuration), cancellationToken).ConfigureAwait(false);
        var request = new DecisionRequest
        {
            Features = QueryFeatures.Of(Query, [], null, JudgePrompt.Tokens(body)),
            PinnedArm = model,
            InputTokensBound = body.Length,
            MaxOutputTokens = maxOutputTokens,
        };
        var running = await routing.ChatAsync(name, Query, request, new ChatPayload(body, Stream: false) { RequestId = call.DecisionId }, decided: null, cancellationToken).ConfigureAwait(false);
        await using var runningEnd = running.ConfigureAwait(false);
        var answer = new GuardedAnswer(isStream: false);
        await foreach (var part in running.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            answer.Add(part, isHeld: false);
        }

        var said = string.Join('\n', answer.Texts.ToTexts().Where(text => text.Kind == TextSlots.Content).Select(text => text.Text));
        return said.Length == 0 ? null : said;
    }

    /// <summary>The client's request, for another model: as it was, but in one piece.</summary>
    public static byte[] Again(JudgedCall call)
    {
        var root = (JsonObject)JsonNode.Parse(call.Request.Span)!;
        root.Remove("stream");
        root.Remove("stream_options");
        return GuardedAnswer.Write(root);
    }
}
