using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Admission;

namespace MetaLlm.Engine.Routing;

public sealed partial class RoutingService
{
    /// <summary>Says what decisions would rest on, without deciding: to plan many queries before any of them is paid for.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="queries">Texts that say what is wanted, which are embedded one after the other, with what else is known of each and the caller's wishes.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>One for each query, in order.</returns>
    /// <exception cref="OverloadedException">A query would wait too long for its embedding.</exception>
    public async Task<IReadOnlyList<QueryAssessment>> AssessAsync(
        string tenant, IReadOnlyList<(string Query, DecisionRequest Request)> queries, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(queries);
        await catalog.PrepareAsync(tenant, cancellationToken).ConfigureAwait(false);
        var unhealthy = Unhealthy(tenant);
        var asked = new List<DecisionRequest>(queries.Count);
        foreach (var (query, request) in queries)
        {
            var embedding = await EmbedAsync(tenant, query, cancellationToken).ConfigureAwait(false);
            asked.Add(request with { Features = Seen(tenant, query, request, embedding), UnhealthyArms = unhealthy });
        }

        return await engine.AssessAsync(tenant, asked, cancellationToken).ConfigureAwait(false);
    }
}
