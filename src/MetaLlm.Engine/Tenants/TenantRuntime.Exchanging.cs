using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    // Of a tenant with several owners: how far the others were taken in. Exchanges read it beside the owner.
    private volatile TakenSoFar? _taken;

    // What was read for the event of that sequence, so that its fold need not read it again.
    private volatile ReadNews? _news;
    private int _decided;

    /// <summary>How many owners the tenant has, as far as is known. Safe for concurrent use.</summary>
    public int Shards => _inForce?.Shards ?? 1;

    /// <summary>Decisions of this owner since it last took in the others'. Safe for concurrent use.</summary>
    public int DecidedSinceExchange => Volatile.Read(ref _decided);

    /// <summary>
    /// Reads what the other owners of the tenant have written since the last time and records, as one event, that it is taken in; the next call folds it in. Safe for concurrent
    /// use beside the owner. Without other owners, or while the state is not in memory, nothing happens.
    /// </summary>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <returns>Whether there is more than one event is to take in.</returns>
    /// <exception cref="InvalidDataException">A journal of the tenant is damaged.</exception>
    /// <exception cref="FencedException">The tenant was deleted and made again by somebody else.</exception>
    public async ValueTask<bool> ExchangeAsync(CancellationToken cancellationToken)
    {
        if (_taken is not { } taken)
        {
            return false;
        }

        Volatile.Write(ref _decided, 0);
        var (through, more) = await Exchange().FindAsync(taken.Positions, cancellationToken).ConfigureAwait(false);
        if (through.Count == 0)
        {
            return false;
        }

        var news = await Exchange().ReadAsync(taken.Positions, through, cancellationToken).ConfigureAwait(false);
        if (!news.Any(owner => owner.IsNews))
        {
            return false;
        }

        var recorded = await _services.Journal.AppendTookInAsync(Tenant, through, taken.Sequence, _services.Time.GetUtcNow(), cancellationToken).ConfigureAwait(false);
        _news = new ReadNews(recorded.Sequence, news);
        Deliver(recorded);
        return more;
    }

    /// <summary>Takes in all that the others have written by now.</summary>
    private async ValueTask ExchangeAllAsync(CancellationToken cancellationToken)
    {
        while (await ExchangeAsync(cancellationToken).ConfigureAwait(false))
        {
            await ReadyAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Folds in an event that takes in others. Where their journals cannot be read nothing has changed, and the event stays next.</summary>
    /// <returns>How much was taken in.</returns>
    private async ValueTask<int> TakeInAsync(TenantState state, TookInEvent tookIn, CancellationToken cancellationToken)
    {
        var taken = state.Taken;
        var news = _news is { } read && read.Sequence == tookIn.Sequence && read.News.All(one => taken.Contains(one.From))
            ? read.News
            : await Exchange().ReadAsync(taken, tookIn.Positions, cancellationToken).ConfigureAwait(false);
        Fold(state, () =>
        {
            foreach (var owner in news)
            {
                owner.TakeIn(state);
            }

            state.Apply(tookIn);
        });
        WatchOthers(state);
        _news = null;
        return news.Sum(owner => owner.Count);
    }

    private void WatchOthers(TenantState state) =>
        _taken = state.Taken is { Count: > 0 } positions ? new TakenSoFar(positions, state.AppliedSequence) : null;

    private OwnerExchange Exchange() => new(_services.Journal, Tenant, _services.Options.ReplayPageSize);

    private void RefuseIfSharded(TenantState state, string what)
    {
        if (state.Configuration?.Shards is { } shards)
        {
            throw new ShardedTenantException($"Tenant '{TenantOwner.TenantOf(Tenant)}' has shards {shards}, and {what}.");
        }
    }

    private sealed record TakenSoFar(IReadOnlyList<TakenPosition> Positions, long Sequence);

    private sealed record ReadNews(long Sequence, IReadOnlyList<OwnerNews> News);
}
