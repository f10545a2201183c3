using System.Buffers;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Gateway.Rollout;

namespace MetaLlm.Gateway.Guarantees;

/// <summary>Asks models beside those that serve under a guarantee.</summary>
internal sealed class GuaranteeCalls(SideCalls calls)
{
    /// <summary>Calls a model.</summary>
    /// <param name="call">What is compared.</param>
    /// <param name="model">The model.</param>
    /// <param name="payload">What it is asked, to be answered in one piece.</param>
    /// <param name="maxOutputTokens">Most tokens of the answer; null for what the model allows.</param>
    /// <param name="cancellationToken">Ends the call; what is owed is settled.</param>
    /// <returns>What it says; null where it is no chat completion.</returns>
    /// <exception cref="NoFeasibleArmException">The purse has no room, or the model is not to be called now.</exception>
    public async Task<AnswerWords?> AskAsync(ComparedCall call, string model, ChatPayload payload, double? maxOutputTokens, CancellationToken cancellationToken)
    {
        var configuration = call.Tenant.Guarantee.ToConfiguration(call.Tenant.Configuration);
        var answer = new ArrayBufferWriter<byte>();
        await foreach (var part in calls.AskAsync(GuaranteeTenant.NameOf(call.Tenant.Id), configuration, call.Decision!.DecisionId, model, payload, maxOutputTokens, cancellationToken).ConfigureAwait(false))
        {
            answer.Write(part.Span);
        }

        return AnswerWords.Read(answer.WrittenMemory, isStream: false);
    }
}
