using MetaLlm.Core.Tenancy;

namespace MetaLlm.Engine.Orleans.Grains;

internal sealed partial class TenantPolicyGrain
{
    /// <inheritdoc/>
    public async ValueTask CompareAsync(long ordinal, bool? differs, CancellationToken cancellationToken)
    {
        Used();
        _readers.ThrowUnlessAllRead<ComparedEvent>();
        using (await _turns.EnterAsync(cancellationToken))
        {
            if (!await _runtime.AwaitsComparisonAsync(ordinal, cancellationToken))
            {
                return;
            }
        }

        // Two verdicts at once are both recorded, and the second changes nothing.
        _runtime.Deliver(await _runtimes.Journal.AppendComparisonAsync(Tenant, ordinal, differs, _runtimes.Time.GetUtcNow(), cancellationToken));
    }
}
