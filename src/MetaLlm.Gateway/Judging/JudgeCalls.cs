using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Guardrails;
using MetaLlm.Gateway.Rollout;

namespace MetaLlm.Gateway.Judging;

/// <summary>Calls models for judges.</summary>
internal sealed class JudgeCalls(SideCalls calls)
{
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
        var configuration = call.Tenant.Judges.ToConfiguration(call.Tenant.Configuration);
        var answer = new GuardedAnswer(isStream: false);
        await foreach (var part in calls.AskAsync(JudgeTenant.NameOf(call.Tenant.Id), configuration, call.DecisionId, model, payload, maxOutputTokens, cancellationToken).ConfigureAwait(false))
        {
            answer.Add(part, isHeld: false);
        }

        var said = string.Join('\n', answer.Texts.ToTexts().Where(text => text.Kind == TextSlots.Content).Select(text => text.Text));
        return said.Length == 0 ? null : said;
    }

    /// <summary>Whether a model can be sent what the client asked: completions are for those that have them, as in the client's own call.</summary>
    public static bool Takes(JudgedCall call, string model) =>
        call.Payload.Kind == CallKind.Chat || (call.Tenant.Targets.TryGetValue(model, out var target) && target.Endpoint.Takes(call.Payload.Kind) && !target.AddsText);
}
