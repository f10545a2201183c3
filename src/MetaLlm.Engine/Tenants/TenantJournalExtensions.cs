using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>Questions to the journal that every engine asks.</summary>
public static class TenantJournalExtensions
{
    /// <summary>Tells an unknown tenant from an unknown decision.</summary>
    /// <param name="journal">Where tenants are recorded.</param>
    /// <param name="tenant">Whose decision was not found.</param>
    /// <param name="cancellationToken">Cancels the question.</param>
    /// <exception cref="UnknownTenantException">No configuration was ever recorded.</exception>
    public static async ValueTask RequireKnownAsync(this ITenantJournal journal, string tenant, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        var first = await journal.ReadEventsAsync(TenantOwner.TenantOf(tenant), 0, 1, cancellationToken).ConfigureAwait(false);
        if (first.Count == 0)
        {
            throw new UnknownTenantException(tenant);
        }
    }
}
