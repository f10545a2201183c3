using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>
    /// Settles decisions whose end nobody reported in time, at the predicted cost or, where the caller was to make the call, as configured: what was set aside must not stay so for ever. Gives those whose
    /// feedback did not come in time the configured default.
    /// Safe for concurrent use.
    /// </summary>
    /// <param name="cancellationToken">Cancels between decisions; what was settled stays.</param>
    /// <returns>How many events that made.</returns>
    public async ValueTask<int> SweepAsync(CancellationToken cancellationToken)
    {
        var now = _services.Time.GetUtcNow();
        var before = now - UnsettledLimit;
        var (count, more) = (0, true);
        while (more)
        {
            var expired = await _services.Journal
                .FindUnsettledAsync(Tenant, before, _services.Options.SweepLimit, cancellationToken)
                .ConfigureAwait(false);
            var settled = expired.Count > 0 ? await ExpireAsync(expired, now, cancellationToken).ConfigureAwait(false) : 0;

            // Those that somebody else settled meanwhile are found no more. Without any progress the next sweep tries again.
            more = expired.Count == _services.Options.SweepLimit && settled > 0;
            count += settled;
        }

        if (count > 0)
        {
            _services.Metrics.RecordExpired(count);
            LogExpired(Tenant, count);
        }

        return count + await DefaultMissingAsync(now, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<int> ExpireAsync(IReadOnlyList<string> decisionIds, DateTimeOffset now, CancellationToken cancellationToken)
    {
        var open = await _services.Journal.FindDecisionsAsync(Tenant, decisionIds, cancellationToken).ConfigureAwait(false);

        // Together, so that they share a commit.
        var settled = await Task.WhenAll(open.Select(stored => ExpireAsync(stored, now, cancellationToken))).ConfigureAwait(false);
        return settled.Count(done => done);
    }

    private async Task<bool> ExpireAsync(StoredDecision stored, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (CostOfExpired(stored) is not { } costUsd)
        {
            return false;
        }

        var settlement = new Settlement
        {
            DecisionId = stored.Decision.DecisionId,
            Outcome = CallOutcome.Expired,
            Usage = new TokenUsage(stored.Decision.InputTokens, 0, 0),
            CostUsd = costUsd,
        };
        var recorded = await _services.Journal.AppendSettlementAsync(Tenant, settlement, now, cancellationToken).ConfigureAwait(false);
        if (recorded is not null)
        {
            DeliverSettled(recorded);
        }

        return recorded is not null;
    }
}
