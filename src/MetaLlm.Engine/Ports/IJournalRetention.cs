using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Retention;

namespace MetaLlm.Engine.Ports;

/// <summary>Lets the beginning of journals go, once a state stands for it (<see cref="ITenantJournal.SetBaseAsync"/>).</summary>
/// <remarks>
/// A decision goes with its events and its feedback, in the order of the ordinals, and only when the state holds all of them. So a decision stays, and with it all that
/// come after it, while its call has not ended, or while there is news of it that the state does not hold. Configurations, warm starts and quizzes stay for good.
/// Safe for concurrent use.
/// </remarks>
public interface IJournalRetention
{
    /// <summary>Tenants whose first decision was made before a time, by name, after a name, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<string>> FindTenantsAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken);

    /// <summary>How many decisions tenants have that were made before a time, by name, after a name, at most <paramref name="limit"/> tenants.</summary>
    ValueTask<IReadOnlyList<OldDecisions>> CountOldAsync(DateTimeOffset before, string after, int limit, CancellationToken cancellationToken);

    /// <summary>The first decisions of a tenant that were made before a time and may go, in order, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<ArchivedDecision>> FindDroppableAsync(string tenant, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Drops decisions up to an ordinal, all or nothing.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="through">Ordinal of the last one that <see cref="FindDroppableAsync"/> told.</param>
    /// <param name="cancellationToken">Cancels until the write starts.</param>
    /// <returns>Whether they are gone; they are not when there is news of one of them.</returns>
    ValueTask<bool> DropAsync(string tenant, long through, CancellationToken cancellationToken);

    /// <summary>Drops what is left of tenants that were deleted.</summary>
    ValueTask PurgeAsync(CancellationToken cancellationToken);

    /// <summary>Drops records of the directory's audit that were made before a time. What gateways have not read yet is younger.</summary>
    /// <returns>How many went.</returns>
    ValueTask<long> DropChangesAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Gives the disk back what was freed, where the store can; a little at a time, so that commits do not wait.</summary>
    ValueTask ShrinkAsync(CancellationToken cancellationToken);
}
