using MetaLlm.Core.Cascades;
using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    /// <summary>Whether the answer of an arm is held back and weighed: that of the arm that was chosen, where the tenant's owner may let another one take over.</summary>
    private static bool IsWeighed(DecisionRecord decision, string arm, ChatPayload payload) =>
        payload.Reader is not null && arm == decision.ChosenArm && decision is { IsOfPolicy: true, Pinned: false, Conversation: not { Choice: ConversationChoice.Held } };

    /// <summary>Upstreams that say how probable the tokens of an answer were, where they are asked to. A model that objects is asked without from then on.</summary>
    private static bool TellsProbabilities(ArmTarget target) => target.Endpoint.Protocol is UpstreamEndpoint.OpenAi or UpstreamEndpoint.AzureOpenAi or UpstreamEndpoint.Gemini;

    /// <summary>Reads an answer to its end, and has the tenant's owner say whether it leaves.</summary>
    /// <exception cref="ChatProviderException">The answer broke off; the attempt is noted.</exception>
    private async Task<RoutedCall> WeighAsync(
        string tenant, DecisionRecord decision, Attempt attempt, int attempts, ChatPayload payload, CallSettler settler, CancellationToken cancellationToken)
    {
        var (first, reader) = (decision.ChosenArm, payload.Reader!);
        var held = await HoldAsync(tenant, decision, attempt, settler, cancellationToken).ConfigureAwait(false);
        var weighed = await ConsiderAsync(tenant, decision, held, reader, settler).ConfigureAwait(false);
        settler.Weighed = weighed;
        if (weighed?.Second is not { } second)
        {
            return Answer(tenant, decision, first, attempts, held.Release(reader.Release), settler);
        }

        var kept = settler.HoldBack(held.UsageOr(settler), held.InvoiceUsd);
        try
        {
            settler.Attempting(second);
            cancellationToken.ThrowIfCancellationRequested();
            var plain = payload with { Reader = null };
            var better = await AttemptAsync(tenant, decision, second, plain, settler, cancellationToken).ConfigureAwait(false);

            // A plain answer is one part: until it is here, the first one may still leave.
            better = payload.Stream ? better : (await HoldAsync(tenant, decision, better, settler, cancellationToken).ConfigureAwait(false)).Release(static part => part);
            await held.DropAsync(settler).ConfigureAwait(false);
            var call = Answer(tenant, decision, second, attempts + 1, better, settler);
            (call.EscalatedFrom, call.EscalatedUsd) = (first, kept.Usd);
            return call;
        }
        catch (ChatProviderException e)
        {
            settler.Restore(kept);
            settler.Weighed = weighed with { Second = null, SecondQuality = 0 };
            metrics.Rerouted(tenant, second, first);
            await KeepFirstAsync(tenant, decision, kept.Usd, e, settler).ConfigureAwait(false);
            return Answer(tenant, decision, first, attempts + 1, held.Release(reader.Release), settler);
        }
        catch
        {
            await held.DropAsync(settler).ConfigureAwait(false);
            throw;
        }
    }

    private RoutedCall Answer(string tenant, DecisionRecord decision, string arm, int attempts, Attempt attempt, CallSettler settler)
    {
        metrics.Answering(tenant, arm, settler.Answering());
        return new RoutedCall(decision, arm, attempts, attempt, settler, time);
    }

    private async Task<HeldAnswer> HoldAsync(string tenant, DecisionRecord decision, Attempt attempt, CallSettler settler, CancellationToken cancellationToken)
    {
        try
        {
            var held = await HeldAnswer.ReadAsync(attempt, settler, cancellationToken).ConfigureAwait(false);
            if (!held.IsWhole && cancellationToken.IsCancellationRequested)
            {
                // Whoever reads an answer waits for the upstream's count where its client leaves.
                settler.Leave();
                await new RoutedCall(decision, settler.Arm, attempts: 1, held.Release(static part => part), settler, time).DisposeAsync().ConfigureAwait(false);
                cancellationToken.ThrowIfCancellationRequested();
            }

            settler.Held(held.IsWhole);
            return held;
        }
        catch (ChatProviderException e)
        {
            throw Noted(tenant, settler.Arm, null, decision, settler, e);
        }
    }

    /// <returns>What was made of the answer; null where it leaves because nobody can say.</returns>
    private async ValueTask<WeighedAnswer?> ConsiderAsync(
        string tenant, DecisionRecord decision, HeldAnswer held, IAnswerReader reader, CallSettler settler)
    {
        if (!held.IsWhole || held.Status >= 400 || reader.Read(held.Parts) is not { } signals)
        {
            return null;
        }

        var usage = held.UsageOr(settler);
        var spentUsd = settler.OwedUsd + settler.CostOf(usage, held.InvoiceUsd);
        var consideration = new Consideration
        {
            DecisionId = decision.DecisionId, Signals = signals with { Tokens = usage.Output }, SpentUsd = spentUsd, Unavailable = Unavailable(tenant, decision, spentUsd, settler),
        };
        try
        {
            // What the owner says may be durable, whether or not the client still waits.
            return await engine.ConsiderAsync(tenant, consideration, CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // Whatever keeps the owner from saying: the answer is there, and leaves.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(tenant, decision, e);

            settler.StateCost();
            return null;
        }
    }

    /// <summary>Arms that cannot be called now, or with which both calls would cost more than the client admits.</summary>
    private string[] Unavailable(string tenant, DecisionRecord decision, double spentUsd, CallSettler settler)
    {
        var targets = catalog.Targets(tenant);
        return [.. decision.Arms
            .Where(arm => !targets.TryGetValue(arm.ArmId, out var target) || !circuits.Status(tenant, target).Admits || spentUsd + arm.CostUsd > settler.MaxCostUsd)
            .Select(arm => arm.ArmId)];
    }

    /// <summary>The second model failed. What the first answer cost is known, and fits into what is set aside.</summary>
    private async ValueTask KeepFirstAsync(string tenant, DecisionRecord decision, double firstUsd, ChatProviderException failed, CallSettler settler)
    {
        try
        {
            await engine.RerouteAsync(tenant, new Reroute(decision.DecisionId, decision.ChosenArm, firstUsd, failed.Failure.ToString(), firstUsd, settler.AttemptsUsd), CancellationToken.None).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The answer is there, and leaves, whatever the journal says of who gave it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Report(tenant, decision, e);
        }
    }

    private void Report(string tenant, DecisionRecord decision, Exception e)
    {
        if (_quiet.MaySay((tenant, e.GetType()), out var unsaid))
        {
            LogNotConsidered(logger, tenant, decision.DecisionId, e.GetType().Name, unsaid);
        }
    }
}
