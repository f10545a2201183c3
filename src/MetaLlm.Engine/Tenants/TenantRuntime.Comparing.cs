namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>Whether a decision waits for the verdict of a comparison.</summary>
    /// <param name="ordinal">Ordinal of the decision.</param>
    /// <param name="cancellationToken">Cancels a load of the state.</param>
    public async ValueTask<bool> AwaitsComparisonAsync(long ordinal, CancellationToken cancellationToken) =>
        (await ReadyAsync(cancellationToken).ConfigureAwait(false)).AwaitsComparison(ordinal);
}
