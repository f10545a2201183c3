using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    private volatile MissingRewardSweep? _missing;

    /// <summary>Gives decisions whose feedback did not come in time their default reward. Another owner may do the same at the same time.</summary>
    private async ValueTask<int> DefaultMissingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_missing is not { } watch)
        {
            return 0;
        }

        var (count, after) = (0, watch.Through);
        while (true)
        {
            var found = await _services.Journal
                .FindUnrewardedAsync(Tenant, after, now - watch.Option.After, _services.Options.SweepLimit, cancellationToken)
                .ConfigureAwait(false);
            if (found.Count == 0)
            {
                break;
            }

            var defaults = await DefaultsAsync([.. found.Select(decision => decision.DecisionId)], watch, cancellationToken).ConfigureAwait(false);
            var receipts = await _services.Journal.AppendFeedbackAsync(Tenant, defaults, now, cancellationToken).ConfigureAwait(false);
            foreach (var recorded in receipts.Select(receipt => receipt.Recorded).OfType<RewardedEvent>())
            {
                Deliver(recorded);
                count++;
            }

            after = found[^1].Ordinal;
            if (found.Count < _services.Options.SweepLimit)
            {
                break;
            }
        }

        if (count > 0)
        {
            LogDefaulted(Tenant, count);
        }

        return count;
    }

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
        var option = state.Configuration?.MissingReward;
        var predictor = state.RewardPredictor;
        _missing = option is null || (option.Mode == MissingRewardMode.Impute && predictor is null)
            ? null
            : new MissingRewardSweep(option, state.MissingThrough, predictor);
    }
}
