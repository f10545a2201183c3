using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    /// <summary>Calls an arm: one of its deployments after the other, as long as another one may do better.</summary>
    /// <exception cref="ChatProviderException">The arm failed, or objects; every attempt at it is noted.</exception>
    private async Task<Attempt> AttemptAsync(
        string tenant, DecisionRecord decision, string arm, ChatPayload payload, CallSettler settler, CancellationToken cancellationToken)
    {
        if (!catalog.Targets(tenant).TryGetValue(arm, out var target))
        {
            throw Noted(tenant, arm, null, decision, settler, new ChatProviderException(ChatFailure.Gone, $"Arm '{arm}' was removed from the configuration."));
        }

        var retrieved = await RetrieveAsync(tenant, decision, arm, target, payload, settler, cancellationToken).ConfigureAwait(false);
        if (target.Deployments.Count == 0)
        {
            return await SendAsync(tenant, decision, arm, target, null, payload, retrieved, settler, cancellationToken).ConfigureAwait(false)
                ?? throw KeptOut(tenant, arm, target, decision, settler);
        }

        var failures = new List<ChatProviderException>();
        foreach (var deployment in DeploymentOrder.Of(target.Deployments, payload.Affinity == 0 ? TextHash.Of(decision.DecisionId) : payload.Affinity))
        {
            if (failures.Count > 0 && !await MayTurnAsync(tenant, decision, arm, failures[^1], settler).ConfigureAwait(false))
            {
                break;
            }

            try
            {
                if (await SendAsync(tenant, decision, arm, deployment.Target, deployment.Name, payload, retrieved, settler, cancellationToken).ConfigureAwait(false) is { } attempt)
                {
                    metrics.Deployed(tenant, arm, deployment.Name, null);
                    return attempt;
                }
            }
            catch (ChatProviderException e)
            {
                metrics.Deployed(tenant, arm, deployment.Name, e.Failure);
                if (e.Failure == ChatFailure.Objected)
                {
                    // The model would object elsewhere too.
                    throw;
                }

                failures.Add(e);
            }
        }

        throw failures.Count == 0 ? KeptOut(tenant, arm, target, decision, settler) : Foremost(failures);
    }

    /// <summary>What stands for the failures of all deployments: one that is more than too many requests; else the one that is to be left alone for the shortest time.</summary>
    private static ChatProviderException Foremost(List<ChatProviderException> failures) =>
        failures.FindLast(failure => failure.Failure != ChatFailure.RateLimited) ?? failures.MinBy(failure => failure.RetryAfter ?? RateLimitPause)!;

    /// <summary>Whether another deployment may be called: while there is time for it, and room under the tenant's caps where the one before may be billed.</summary>
    private async ValueTask<bool> MayTurnAsync(string tenant, DecisionRecord decision, string arm, ChatProviderException failed, CallSettler settler)
    {
        if (settler.SinceRequest >= options.AttemptBudget)
        {
            return false;
        }

        return !settler.IsLastCharged || await ReserveAsync(tenant, decision, arm, failed, settler).ConfigureAwait(false);
    }

    /// <returns>The attempt; null when the circuit breaker lets no call pass.</returns>
    private async Task<Attempt?> SendAsync(
        string tenant, DecisionRecord decision, string arm, ArmTarget target, string? deployment, ChatPayload payload, ReadOnlyMemory<byte> retrieved, CallSettler settler, CancellationToken cancellationToken)
    {
        if (circuits.TryEnter(tenant, target) is not { } circuit)
        {
            return null;
        }

        settler.Attempting(arm);
        var call = new ChatCall
        {
            Endpoint = target.Endpoint,
            Model = target.Model,
            Body = IsWeighed(decision, arm, payload) && TellsProbabilities(target) ? payload.Reader!.Ask(payload.Body) : payload.Body,
            Stream = payload.Stream,
            ResponseId = ChatIds.FromDecision(decision.DecisionId),
            ResponseModel = arm,
            Options = target.Options,
            InputTokens = settler.InputTokensOf(target),
            Kind = payload.Kind,
            Withheld = Withheld(decision, arm),
            Native = payload.Native is { } native && native.Protocol == target.Endpoint.Protocol ? native : null,
            Retrieved = retrieved,
        };
        var activity = RoutingActivities.Call(tenant, decision, arm, target, deployment, payload);
        var upstream = new CancellationTokenSource();
        call = activity is { IsAllDataRequested: true } ? call with { IsTraced = true } : call;
        try
        {
            // The client's leaving ends the call until the answer begins; after that whoever reads it does.
            using var leaving = cancellationToken.UnsafeRegister(static call => ((CancellationTokenSource)call!).Cancel(), upstream);
            settler.Sending(target, deployment, payload.Stream);
            var response = await provider.SendAsync(call, upstream.Token).ConfigureAwait(false);
            circuit.Answering();
            return new Attempt(response, circuit, activity, upstream);
        }
        catch (ChatProviderException e)
        {
            circuit.Failed(e);
            activity.Failed(e.Failure);
            activity?.Dispose();
            upstream.Dispose();
            throw Noted(tenant, arm, deployment, decision, settler, e);
        }
        catch (Exception e)
        {
            circuit.Aborted();
            activity.Failed(e);
            activity?.Dispose();
            upstream.Dispose();
            throw;
        }
    }

    private ChatProviderException KeptOut(string tenant, string arm, ArmTarget target, DecisionRecord decision, CallSettler settler) => Noted(
        tenant, arm, null, decision, settler, new ChatProviderException(ChatFailure.CircuitOpen, "The circuit breaker of the model is open.") { RetryAfter = circuits.Status(tenant, target).Remaining });

    /// <summary>Books a failed attempt, counts it and says so now and then.</summary>
    private ChatProviderException Noted(string tenant, string arm, string? deployment, DecisionRecord decision, CallSettler settler, ChatProviderException e)
    {
        settler.Failed(e);
        metrics.Failed(tenant, arm, e.Failure);
        if (_quiet.MaySay((tenant, arm, deployment, e.Failure, e.UpstreamStatus), out var unsaid))
        {
            LogAttemptFailed(logger, deployment is null ? arm : $"{arm} ({deployment})", tenant, decision.DecisionId, e.Failure, e.UpstreamStatus, unsaid);
        }

        return e;
    }
}
