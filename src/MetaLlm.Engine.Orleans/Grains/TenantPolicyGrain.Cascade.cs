using MetaLlm.Core.Cascades;
using MetaLlm.Engine.Journal;

namespace MetaLlm.Engine.Orleans.Grains;

internal sealed partial class TenantPolicyGrain
{
    /// <inheritdoc/>
    public async ValueTask<WeighedAnswer?> ConsiderAsync(Consideration consideration, CancellationToken cancellationToken)
    {
        Used();
        WeighedAnswer? weighed;
        Reroute? reroute;
        using (await _turns.EnterAsync(cancellationToken))
        {
            (weighed, reroute) = await _runtime.ConsiderAsync(consideration, cancellationToken);
        }

        if (reroute is null)
        {
            return weighed;
        }

        // Once it is on its way it may be durable, whether or not the caller still wants it.
        if (await _runtimes.Journal.AppendRerouteAsync(Tenant, reroute, _runtimes.Time.GetUtcNow(), CancellationToken.None) is not { } recorded)
        {
            return null;
        }

        _runtime.Deliver(recorded);
        return weighed;
    }
}
