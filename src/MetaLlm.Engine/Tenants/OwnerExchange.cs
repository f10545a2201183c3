using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>Reads what the other owners of a tenant have written in their journals.</summary>
/// <param name="journal">The journals.</param>
/// <param name="owner">The owner that takes it in.</param>
/// <param name="pageSize">Decisions or events to read at once.</param>
internal sealed class OwnerExchange(ITenantJournal journal, string owner, int pageSize)
{
    // Of all others together. What one event takes in is in memory at once, and folded in one turn, in which the owner's own calls wait.
    private const int MostDecisions = 3000;
    private const int MostEvents = 2 * MostDecisions;

    private readonly string _tenant = TenantOwner.TenantOf(owner);

    /// <summary>How far the others can be taken in now.</summary>
    /// <param name="taken">How far they were.</param>
    /// <param name="cancellationToken">Cancels between questions.</param>
    /// <returns>Those of whom there is news; and whether there is more than is to be taken in at once.</returns>
    /// <remarks>No position has an event without its decision: heads move together, and what a decision builds on is about decisions before it.</remarks>
    public async ValueTask<(IReadOnlyList<TakenPosition> Through, bool HasMore)> FindAsync(IReadOnlyList<TakenPosition> taken, CancellationToken cancellationToken)
    {
        var heads = (await journal.ReadHeadsAsync([.. taken.Select(one => TenantOwner.Name(_tenant, one.Owner))], cancellationToken).ConfigureAwait(false))
            .ToDictionary(head => head.Tenant, StringComparer.Ordinal);
        var (through, more) = (new List<TakenPosition>(), false);
        foreach (var from in taken)
        {
            var name = TenantOwner.Name(_tenant, from.Owner);
            if (!heads.TryGetValue(name, out var head) || (head.LastOrdinal <= from.Ordinal && head.LastSequence <= from.Sequence))
            {
                continue;
            }

            var (ordinal, sequence) = (Math.Min(head.LastOrdinal, from.Ordinal + (MostDecisions / taken.Count)), head.LastSequence);
            if (ordinal < head.LastOrdinal)
            {
                var next = await journal.ReadDecisionsAsync(name, ordinal, 1, cancellationToken).ConfigureAwait(false);
                sequence = next.Count > 0 ? Math.Max(from.Sequence, next[0].AppliedSequence) : throw Damaged(name, $"decision {ordinal + 1} is missing");
            }

            sequence = Math.Min(sequence, from.Sequence + (MostEvents / taken.Count));
            through.Add(new TakenPosition(from.Owner, ordinal, sequence));
            more |= ordinal < head.LastOrdinal || sequence < head.LastSequence;
        }

        return (through, more);
    }

    /// <summary>Reads what lies between.</summary>
    /// <param name="taken">How far the others were taken in.</param>
    /// <param name="through">How far they are to be.</param>
    /// <param name="cancellationToken">Cancels between pages.</param>
    /// <exception cref="InvalidDataException">A journal does not have all of it.</exception>
    public async ValueTask<IReadOnlyList<OwnerNews>> ReadAsync(IReadOnlyList<TakenPosition> taken, IReadOnlyList<TakenPosition> through, CancellationToken cancellationToken)
    {
        var news = new List<OwnerNews>(through.Count);
        foreach (var to in through)
        {
            var (name, from) = (TenantOwner.Name(_tenant, to.Owner), taken.FirstOrDefault(one => one.Owner == to.Owner));
            if (from == default)
            {
                throw Damaged(owner, $"it takes in owner {to.Owner}, which the tenant does not have");
            }

            news.Add(new OwnerNews(
                from,
                to,
                await PagesAsync(name, "decision", from.Ordinal, to.Ordinal, journal.ReadDecisionsAsync, decision => decision.Ordinal, cancellationToken).ConfigureAwait(false),
                await PagesAsync(name, "event", from.Sequence, to.Sequence, journal.ReadEventsAsync, recorded => recorded.Sequence, cancellationToken).ConfigureAwait(false)));
        }

        return news;
    }

    private async ValueTask<List<T>> PagesAsync<T>(
        string name, string kind, long after, long last, Func<string, long, int, CancellationToken, ValueTask<IReadOnlyList<T>>> read, Func<T, long> number, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        while (after < last)
        {
            var page = await read(name, after, (int)Math.Min(pageSize, last - after), cancellationToken).ConfigureAwait(false);
            foreach (var one in page)
            {
                after = number(one) == after + 1 ? after + 1 : throw Damaged(name, $"{kind} {after + 1} is missing, which owner '{owner}' has taken in");
                all.Add(one);
            }

            if (page.Count == 0)
            {
                throw Damaged(name, $"{kind} {after + 1} is missing, which owner '{owner}' has taken in");
            }
        }

        return all;
    }

    private static InvalidDataException Damaged(string name, string what) => new($"The journal of tenant '{name}' is damaged: {what}.");
}
