using MetaLlm.Core.Cascades;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Hosting;

namespace MetaLlm.Engine.Orleans;

public sealed partial class OrleansTenantEngine
{
    /// <inheritdoc/>
    public ValueTask<WeighedAnswer?> ConsiderAsync(string tenant, Consideration consideration, CancellationToken cancellationToken)
    {
        JournalArguments.ThrowIfInvalid(consideration);
        var owner = Owner(TenantOwner.OfDecision(tenant, consideration.DecisionId), cancellationToken);

        // An owner of an earlier release does not know the call.
        _readers?.ThrowUnlessAllRead(JournalReaders.Cascade);
        return _calls.AskAsync(() => owner.ConsiderAsync(consideration, cancellationToken), cancellationToken);
    }
}
