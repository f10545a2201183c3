using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <summary>Gives the state up without saving it, and a rebuild with it: the tenant is deleted.</summary>
    public async ValueTask ForgetAsync()
    {
        if (_rebuild is { } rebuild)
        {
            await rebuild.StopAsync().ConfigureAwait(false);
            _rebuild = null;
        }

        Drop();
    }

    /// <summary>
    /// Makes the state stand for the beginning of the journal, so that what it has folded may be dropped (<see cref="ITenantJournal.SetBaseAsync"/>), where that is worth
    /// it: where decisions are a day past their age.
    /// </summary>
    /// <param name="age">Age at which decisions are to go. Those that may still be given a default for a missing reward stay longer.</param>
    /// <param name="cancellationToken">Cancels before the write.</param>
    /// <returns>Decisions made before this time may go; null where nothing is to, and always for a tenant with several owners.</returns>
    public async ValueTask<DateTimeOffset?> SetBaseAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await SettleAppendsAsync().ConfigureAwait(false);
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        if (state.Configuration!.Shards is not null)
        {
            // The others' states are folds over this journal too, and may be rebuilt from the beginning.
            return null;
        }

        var wait = state.Configuration.MissingReward is { } missing ? missing.After + Day : TimeSpan.Zero;
        var before = _services.Time.GetUtcNow() - (age > wait ? age : wait);
        var first = await _services.Journal.ReadDecisionsAsync(Tenant, 0, 1, cancellationToken).ConfigureAwait(false);
        if (first.Count == 0 || first[0].At >= before - Day)
        {
            return null;
        }

        var bytes = SnapshotEnvelope.Wrap(state, _services.Model);
        await _services.Journal.SetBaseAsync(Tenant, new Snapshot(state.AppliedSequence, state.DecisionOrdinal, bytes), cancellationToken).ConfigureAwait(false);
        return before;
    }
}
