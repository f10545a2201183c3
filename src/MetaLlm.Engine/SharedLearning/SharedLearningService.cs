using System.Security.Cryptography;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Sharing;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;
using Microsoft.Extensions.Options;

namespace MetaLlm.Engine.SharedLearning;

/// <summary>Gives sums of a tenant's rewards to the pool, with noise, and reads the pool. A tenant's owner calls for it, one call at a time; what is read may be read by anybody.</summary>
/// <remarks>
/// Decisions are given by their ordinals, each in one release: so the guarantee of one release is that of all of them together. Noise comes from the operating system's source of chance,
/// and is written with the ordinals that it stands for before anybody sees it; where that fails, it is forgotten unseen.
/// </remarks>
/// <param name="journal">Where rewards are.</param>
/// <param name="time">The clock of decisions.</param>
/// <param name="options">How sums are pooled.</param>
/// <param name="store">Where they are kept; null where nothing is shared.</param>
public sealed class SharedLearningService(ITenantJournal journal, TimeProvider time, IOptions<SharedLearningOptions> options, ISharedLearningStore? store = null) : ISharedLearning
{
    private const int Page = 512;

    /// <summary>Gives what is due.</summary>
    /// <param name="tenant">The tenant, or the first of its owners.</param>
    /// <param name="sharing">What it has agreed to: to give.</param>
    /// <param name="cancellationToken">Cancels before anything is written.</param>
    /// <returns>When it is due again.</returns>
    public async ValueTask<DateTimeOffset> GiveAsync(string tenant, SharingSettings sharing, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        ArgumentNullException.ThrowIfNull(sharing);
        if (store is null || !sharing.Give)
        {
            return DateTimeOffset.MaxValue;
        }

        var now = time.GetUtcNow();
        var stored = await store.FindAsync(tenant, cancellationToken).ConfigureAwait(false);
        var given = stored is null ? null : SharedContributionJson.Decode(stored);
        if (given is not null && now < given.At + options.Value.Period)
        {
            return given.At + options.Value.Period;
        }

        var heads = await journal.ReadHeadsAsync([tenant], cancellationToken).ConfigureAwait(false);
        var head = heads.Count == 0 ? 0 : heads[0].LastOrdinal;

        // What was decided before the tenant agreed is never given.
        var next = given is null
            ? new SharedContribution { Through = head, Next = head, At = now }
            : await AddAsync(tenant, given, sharing, cancellationToken).ConfigureAwait(false) with { Through = given.Next, Next = head, At = now };
        await store.PutAsync(new StoredContribution(tenant, (stored?.Version ?? 0) + 1, SharedContributionJson.Encode(next)), cancellationToken).ConfigureAwait(false);
        return now + options.Value.Period;
    }

    /// <summary>Takes back all that a tenant has given. Cards that others took stay theirs.</summary>
    /// <param name="tenant">The tenant, or the first of its owners.</param>
    /// <param name="cancellationToken">Cancels before anything is deleted.</param>
    public ValueTask WithdrawAsync(string tenant, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrEmpty(tenant);
        return store?.DeleteTenantAsync(tenant, cancellationToken) ?? ValueTask.CompletedTask;
    }

    /// <summary>What the pool says of models.</summary>
    /// <param name="cancellationToken">Cancels the read.</param>
    /// <returns>Cards by what models are known by among tenants.</returns>
    public async ValueTask<IReadOnlyDictionary<string, ModelCard>> ReadCardsAsync(CancellationToken cancellationToken) =>
        SharedPool.Cards(await ReadAllAsync(cancellationToken).ConfigureAwait(false), options.Value.MinTenants);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PooledCell>> PoolAsync(CancellationToken cancellationToken) =>
        SharedPool.Sum(await ReadAllAsync(cancellationToken).ConfigureAwait(false), options.Value.MinTenants);

    /// <inheritdoc/>
    public async ValueTask<SharedContribution?> FindAsync(string tenant, CancellationToken cancellationToken) =>
        store is not null && await store.FindAsync(tenant, cancellationToken).ConfigureAwait(false) is { } stored ? SharedContributionJson.Decode(stored) : null;

    private async ValueTask<IEnumerable<IReadOnlyList<SharedCell>>> ReadAllAsync(CancellationToken cancellationToken) => store is null
        ? []
        : (await store.ListAsync(cancellationToken).ConfigureAwait(false)).Select(stored => SharedContributionJson.Decode(stored).Cells);

    private async ValueTask<SharedContribution> AddAsync(string tenant, SharedContribution given, SharingSettings sharing, CancellationToken cancellationToken)
    {
        var after = Math.Max(given.Through, given.Next - options.Value.MostDecisions);
        if (after == given.Next || sharing.Models.Count == 0)
        {
            return given;
        }

        var tally = new SharedTally(sharing.Models.Values, options.Value.Topics);
        while (after < given.Next)
        {
            var page = await journal.ReadDecisionsAsync(tenant, after, (int)Math.Min(Page, given.Next - after), cancellationToken).ConfigureAwait(false);
            if (page.Count == 0)
            {
                break;
            }

            after = page[^1].Ordinal;
            var ids = page.Where(decision => decision.Ordinal <= given.Next).Select(decision => decision.DecisionId).ToList();
            foreach (var decision in await journal.FindDecisionsAsync(tenant, ids, cancellationToken).ConfigureAwait(false))
            {
                Add(tally, decision, sharing);
            }
        }

        var epsilon = DiscreteLaplace.Thousandths(sharing.Epsilon);
        return given with
        {
            Releases = given.Releases + 1,
            Epsilon = Math.Max(given.Epsilon, sharing.Epsilon),
            Cells =
            [
                .. given.Cells.Concat(tally.Release(epsilon, RandomNumberGenerator.GetInt32))
                    .GroupBy(cell => (cell.Model, cell.Topic))
                    .Select(same => same.Aggregate((before, later) => before.Plus(later))),
            ],
        };
    }

    /// <summary>Defaults for feedback that never came say nothing of a model.</summary>
    private static void Add(SharedTally tally, StoredDecision stored, SharingSettings sharing)
    {
        if (stored is { Reward: { } reward } && (stored.FeedbackCount > 0 || stored.Verdicts is not null) && sharing.Models.TryGetValue(stored.ServedArm, out var model))
        {
            tally.Add(model, stored.Decision.Task, reward, stored.RewardWeight * stored.Decision.UserWeight);
        }
    }
}
