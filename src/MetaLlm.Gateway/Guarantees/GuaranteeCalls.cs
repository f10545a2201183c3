using System.Buffers;
using MetaLlm.Core.Features;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Rollout;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>
/// Asks models beside those that serve. They are called for a tenant of its own, which decides, keeps the purse as its cap, is settled and reported like any other, so that nothing of it is counted as the tenant's.
/// </summary>
internal sealed class GuaranteeCalls(RoutingService routing, SideTenants sides)
{
    // Calls name their model, so that nothing depends on what is asked: one text for all of them is embedded once.
    private const string Query = "verdict";

    /// <summary>Calls a model.</summary>
    /// <param name="call">What is compared.</param>
    /// <param name="model">The model.</param>
    /// <param name="payload">The request, for an answer in one piece.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null for what the model allows.</param>
    /// <param name="cancellationToken">Ends the call; what is owed is settled.</param>
    /// <returns>What it says; null where it is no chat completion.</returns>
    /// <exception cref="NoFeasibleArmException">The purse has no room, or the model is not to be called now.</exception>
    public async Task<AnswerWords?> AskAsync(ComparedCall call, string model, ChatPayload payload, double? maxOutputTokens, CancellationToken cancellationToken)
    {
        var name = GuaranteeTenant.NameOf(call.Tenant.Id);
        await sides.ConfigureAsync(name, call.Tenant.Guarantee.ToConfiguration(call.Tenant.Configuration), cancellationToken).ConfigureAwait(false);
        var request = new DecisionRequest
        {
            Features = QueryFeatures.Of(Query, [], null, JudgePrompt.Tokens(payload.Body)),
            PinnedArm = model,
            InputTokensBound = payload.Body.Length,
            MaxOutputTokens = maxOutputTokens,
        };
        var running = await routing.ChatAsync(name, Query, request, payload with { RequestId = call.Decision!.DecisionId }, decided: null, cancellationToken).ConfigureAwait(false);
        await using var runningEnd = running.ConfigureAwait(false);
        var answer = new ArrayBufferWriter<byte>();
        await foreach (var part in running.ReadAsync(cancellationToken).ConfigureAwait(false))
        {
            answer.Write(part.Span);
        }

        return AnswerWords.Read(answer.WrittenMemory, isStream: false);
    }
}
