using MetaLlm.Core.Conversations;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    private static readonly TimeSpan RateLimitPause = TimeSpan.FromMilliseconds(500);

    private async Task<RoutedCall> CallAsync(
        string tenant, DecisionRecord decision, ChatPayload payload, CallSettler settler, CancellationToken cancellationToken)
    {
        var failures = new List<(string Arm, ChatProviderException Error)>();
        var (arm, waited) = (decision.ChosenArm, false);
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            settler.Attempting(arm);
            try
            {
                var attempt = await AttemptAsync(tenant, decision, arm, payload, settler, cancellationToken).ConfigureAwait(false);
                return IsWeighed(decision, arm, payload)
                    ? await WeighAsync(tenant, decision, attempt, failures.Count + 1, payload, settler, cancellationToken).ConfigureAwait(false)
                    : Answer(tenant, decision, arm, failures.Count + 1, attempt, settler);
            }
            catch (ChatProviderException e)
            {
                failures.Add((arm, e));
            }

            var next = MayTryAgain(failures, settler) ? await TakeOverAsync(tenant, decision, failures, settler).ConfigureAwait(false) : null;
            if (next is null && !waited && WorthWaiting(failures, settler) is { } wait)
            {
                waited = true;
                await Task.Delay(wait.Time * (1 + (Random.Shared.NextDouble() / 4)), time, cancellationToken).ConfigureAwait(false);
                next = wait.Arm == arm || await RerouteAsync(tenant, decision, wait.Arm, failures[^1], settler).ConfigureAwait(false) ? wait.Arm : null;
            }

            arm = next ?? throw Exhausted(tenant, decision, failures);
        }
    }

    /// <summary>Gives the call to the best arm that is left.</summary>
    /// <returns>The arm; null when none is left.</returns>
    private async ValueTask<string?> TakeOverAsync(
        string tenant, DecisionRecord decision, List<(string Arm, ChatProviderException Error)> failures, CallSettler settler)
    {
        foreach (var next in NextBest(tenant, decision, failures))
        {
            if (await RerouteAsync(tenant, decision, next, failures[^1], settler).ConfigureAwait(false))
            {
                return next;
            }
        }

        return null;
    }

    /// <summary>Durable before the client can see an answer of another arm, whatever the client does meanwhile.</summary>
    /// <returns>False when the tenant's caps have no room for another attempt at that arm.</returns>
    private async ValueTask<bool> RerouteAsync(
        string tenant, DecisionRecord decision, string next, (string Arm, ChatProviderException Error) failed, CallSettler settler)
    {
        if (!await ReserveAsync(tenant, decision, next, failed.Error, settler).ConfigureAwait(false))
        {
            return false;
        }

        metrics.Rerouted(tenant, failed.Arm, next);
        if (decision.Conversation is { Choice: ConversationChoice.Held } && failed.Arm == decision.ChosenArm)
        {
            metrics.UnsafelySwitched(tenant);
        }

        return true;
    }

    private async ValueTask<bool> ReserveAsync(string tenant, DecisionRecord decision, string arm, ChatProviderException failed, CallSettler settler)
    {
        var looks = decision.Arms.First(a => a.ArmId == arm);
        var reroute = new Reroute(decision.DecisionId, arm, looks.CostUsd, failed.Failure.ToString(), looks.BoundUsd, settler.OwedUsd);
        try
        {
            await engine.RerouteAsync(tenant, reroute, CancellationToken.None).ConfigureAwait(false);
            return true;
        }
        catch (NoFeasibleArmException)
        {
            return false;
        }
    }

    private bool MayTryAgain(List<(string Arm, ChatProviderException Error)> failures, CallSettler settler) =>
        failures.Count(WasMade) < options.MaxAttempts && settler.SinceRequest < options.AttemptBudget;

    /// <summary>Where all that were asked want fewer requests, the one that is to be left alone for the shortest time; null when that is too long.</summary>
    private (string Arm, TimeSpan Time)? WorthWaiting(List<(string Arm, ChatProviderException Error)> failures, CallSettler settler)
    {
        if (!AreAll(failures, ChatFailure.RateLimited))
        {
            return null;
        }

        var (arm, wait) = failures
            .Where(f => f.Error.Failure == ChatFailure.RateLimited)
            .Select(f => (f.Arm, Time: f.Error.RetryAfter ?? RateLimitPause))
            .MinBy(f => f.Time);
        return wait <= options.RateLimitPatience && settler.SinceRequest + wait < options.AttemptBudget ? (arm, wait) : null;
    }

    private UpstreamsExhaustedException Exhausted(string tenant, DecisionRecord decision, List<(string Arm, ChatProviderException Error)> failures) => new(
        decision.DecisionId, [.. failures.Select(f => KeyValuePair.Create(f.Arm, f.Error.Failure))], failures[^1].Error)
    {
        Objection = AreAll(failures, ChatFailure.Objected) ? failures.First(f => f.Error.Failure == ChatFailure.Objected).Error.Objection : null,
        AllRateLimited = AreAll(failures, ChatFailure.RateLimited),
        RetryAfter = LeastHold(tenant, decision),
    };

    /// <summary>Whether that is how every attempt that was made failed.</summary>
    private static bool AreAll(List<(string Arm, ChatProviderException Error)> failures, ChatFailure kind)
    {
        var made = failures.Where(WasMade).ToList();
        return made.Count > 0 && made.TrueForAll(f => f.Error.Failure == kind);
    }

    private static bool WasMade((string Arm, ChatProviderException Error) attempt) => attempt.Error.Failure is not (ChatFailure.CircuitOpen or ChatFailure.Gone or ChatFailure.Unprepared);

    private TimeSpan? LeastHold(string tenant, DecisionRecord decision)
    {
        var targets = catalog.Targets(tenant);
        var holds = decision.Arms
            .Where(a => a.Exclusion is null && targets.ContainsKey(a.ArmId))
            .Select(a => circuits.Status(tenant, targets[a.ArmId]))
            .ToList();
        return holds.Exists(h => h.Admits) ? null : holds.Select(h => (TimeSpan?)h.Remaining).Min();
    }

    /// <summary>Reasoning that the model cannot read: what another one has signed or encrypted.</summary>
    private static WithheldReasoning Withheld(DecisionRecord decision, string arm) => decision.Conversation switch
    {
        { PreviousArm: { } previous } when previous != arm => WithheldReasoning.All,
        { IsMixed: true } => WithheldReasoning.Closed,
        _ => WithheldReasoning.None,
    };

    private IEnumerable<string> NextBest(string tenant, DecisionRecord decision, List<(string Arm, ChatProviderException Error)> tried)
    {
        var targets = catalog.Targets(tenant);
        return decision.Arms
            .Where(a => a.Exclusion is null && tried.TrueForAll(t => t.Arm != a.ArmId))
            .Where(a => targets.TryGetValue(a.ArmId, out var target) && circuits.Status(tenant, target).Admits)
            .OrderByDescending(a => a.Score)
            .ThenBy(a => a.ArmId, StringComparer.Ordinal)
            .Select(a => a.ArmId);
    }
}
