using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    private static readonly TimeSpan ClockSlack = TimeSpan.FromMinutes(10);

    private volatile MissingRewardSweep? _missing;

    /// <summary>Whether sweeps have rewards to look for that did not come. Safe for concurrent use.</summary>
    public bool AwaitsRewards => _missing is not null;

    /// <summary>Gives decisions whose feedback did not come in time their default reward. Another owner may do the same at the same time.</summary>
    private async ValueTask<int> DefaultMissingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_missing is not { } watch)
        {
            return 0;
        }

        var (count, after, before) = (0, watch.Swept.Through, now - watch.Option.After);

        // Calls that are older have an end: those without one were expired before this. Clocks of owners may differ.
        var swept = Earlier(before, now - UnsettledLimit - ClockSlack);
        while (true)
        {
            var found = await _services.Journal
                .FindUnrewardedAsync(Tenant, watch.Through, after, before, _services.Options.SweepLimit, cancellationToken)
                .ConfigureAwait(false);
            if (found.Count == 0)
            {
                break;
            }

            var defaults = await DefaultsAsync([.. found.Select(decision => decision.DecisionId)], watch, cancellationToken).ConfigureAwait(false);
            if (defaults.Count < found.Count)
            {
                // A later model may predict what this one cannot.
                swept = Earlier(swept, found[0].At);
            }

            var receipts = await _services.Journal.AppendFeedbackAsync(Tenant, defaults, now, cancellationToken).ConfigureAwait(false);
            foreach (var recorded in receipts.Select(receipt => receipt.Recorded).OfType<RewardedEvent>())
            {
                Deliver(recorded);
                count++;
            }

            after = found[^1].Position;
            if (found.Count < _services.Options.SweepLimit)
            {
                break;
            }
        }

        if (!_leftUnswept && swept > watch.Swept.Through.At)
        {
            watch.Swept.Through = new DecisionPosition(swept, 0);
        }

        if (count > 0)
        {
            LogDefaulted(Tenant, count);
        }

        return count;
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>The defaults of decisions, without those for which none can be predicted.</summary>
    private async ValueTask<IReadOnlyList<FeedbackSubmission>> DefaultsAsync(string[] decisionIds, MissingRewardSweep watch, CancellationToken cancellationToken)
    {
        if (watch.Predictor is not { } predictor)
        {
            return [.. decisionIds.Select(id => Default(id, watch.Option.Value))];
        }

        var stored = await _services.Journal.FindDecisionsAsync(Tenant, decisionIds, cancellationToken).ConfigureAwait(false);
        var defaults = new List<FeedbackSubmission>(stored.Count);
        foreach (var found in stored)
        {
            if (found.Settlement is { } settlement
                && predictor.Predict(found.Decision, found.ServedArm, settlement.Usage.Output, settlement.LatencySeconds ?? double.NaN) is { } reward)
            {
                defaults.Add(Default(found.Decision.DecisionId, reward));
            }
        }

        return defaults;

        FeedbackSubmission Default(string decisionId, double reward) => new()
        {
            DecisionId = decisionId,
            Reward = reward,
            Weight = watch.Option.Weight,
            IsDefault = true,
        };
    }

    // A model that has not passed its check imputes nothing: there is nothing to watch for.
    private void WatchMissing(TenantState state)
    {
        _inForce = state.Configuration;
        WatchOthers(state);
        var option = state.Configuration?.MissingReward;
        var predictor = state.RewardPredictor;
        _missing = option is null || (option.Mode == MissingRewardMode.Impute && predictor is null)
            ? null
            : new MissingRewardSweep(option, state.MissingThrough, predictor, _missing is { } before && before.Option == option ? before.Swept : new SweptDecisions());
    }
}
