using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    // Sweeps come every few seconds or minutes: what one of them leaves, the next one takes.
    private const int MissingBatches = 64;

    private volatile MissingWatch? _missing;

    /// <summary>Gives decisions whose feedback did not come in time their default reward. Another owner may do the same at the same time.</summary>
    private async ValueTask<int> DefaultMissingAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (_missing is not { } watch)
            return 0;

        var (count, after) = (0, watch.Through);
        for (var batch = 0; batch < MissingBatches; batch++)
        {
            var found = await _services.Journal
                .FindUnrewardedAsync(Tenant, after, now - watch.Option.After, _services.Options.SweepLimit, cancellationToken)
                .ConfigureAwait(false);
            if (found.Count == 0)
                break;

            var receipts = await _services.Journal.AppendFeedbackAsync(
                Tenant, [.. found.Select(decision => Default(decision, watch.Option))], now, cancellationToken).ConfigureAwait(false);
            foreach (var recorded in receipts.Select(receipt => receipt.Recorded).OfType<RewardedEvent>())
            {
                Deliver(recorded);
                count++;
            }

            after = found[^1].Ordinal;
            if (found.Count < _services.Options.SweepLimit)
                break;
        }

        if (count > 0)
            LogDefaulted(Tenant, count);

        return count;
    }

    private static FeedbackSubmission Default(UnrewardedDecision decision, MissingReward option) => new()
    {
        DecisionId = decision.DecisionId,
        Reward = option.Value,
        Weight = option.Weight,
        IdempotencyKey = "default",
        IsDefault = true,
    };

    private void WatchMissing(TenantState state) =>
        _missing = state.Configuration?.MissingReward is { } option ? new MissingWatch(option, state.MissingThrough) : null;
}
