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
    /// <param name="payload">What it is asked, to be answered in one piece.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null for what the model allows.</param>
    /// <param name="cancellationToken">Ends the call; what is owed is settled.</param>
    /// <returns>What it says; null where it says nothing in words.</returns>
    /// <exception cref="NoFeasibleArmException">The purse has no room, or the model is not to be called now.</exception>
    public async Task<string?> AskAsync(JudgedCall call, string model, ChatPayload payload, double? maxOutputTokens, CancellationToken cancellationToken)
    {
        var name = JudgeTenant.NameOf(call.Tenant.Id);
        await sides.ConfigureAsync(name, call.Tenant.Judges.ToConfiguration(call.Tenant.Configuration), cancellationToken).ConfigureAwait(false);
        var request = new DecisionRequest
        {
            Features = QueryFeatures.Of(Query, [], null, JudgePrompt.Tokens(payload.Body)),
            PinnedArm = model,
            InputTokensBound = payload.Body.Length,
            MaxOutputTokens = maxOutputTokens,
        };
        var running = await routing.ChatAsync(name, Query, request, payload with { RequestId = call.DecisionId }, decided: null, cancellationToken).ConfigureAwait(false);
        await using var runningEnd = running.ConfigureAwait(false);
        var answer = new GuardedAnswer(isStream: false);
        await foreach (var part in running.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            answer.Add(part, isHeld: false);
        }

        var said = string.Join('\n', answer.Texts.ToTexts().Where(text => text.Kind == TextSlots.Content).Select(text => text.Text));
        return said.Length == 0 ? null : said;
    }

    /// <summary>Whether a model can be sent what the client asked: completions are for those that have them, as in the client's own call.</summary>
    public static bool Takes(JudgedCall call, string model) =>
        call.Payload.Kind == CallKind.Chat || (call.Tenant.Targets.TryGetValue(model, out var target) && target.Endpoint.Takes(call.Payload.Kind) && !target.AddsText);

    /// <summary>The client's request, for another model: as it was, but in one piece.</summary>
    public static ChatPayload Again(JudgedCall call)
    {
        var root = (JsonObject)JsonNode.Parse(call.Payload.Body.Span)!;
        root.Remove("stream");
        root.Remove("stream_options");
        return call.Payload with { Body = GuardedAnswer.Write(root), Stream = false };
    }
}
