using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Grains;

/// <summary>Questions to the journal.</summary>
internal static class JournalExtensions
{
    /// <summary>Tells an unknown tenant from an unknown decision.</summary>
    /// <exception cref="UnknownTenantException">No configuration was ever recorded.</exception>
    public static async ValueTask RequireKnownAsync(this ITenantJournal journal, string tenant, CancellationToken cancellationToken)
    {
        var first = await journal.ReadEventsAsync(tenant, 0, 1, cancellationToken);
        if (first.Count == 0)
            throw new UnknownTenantException(tenant);
    }
}
