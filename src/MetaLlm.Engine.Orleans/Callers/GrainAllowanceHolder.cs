using MetaLlm.Engine.Admission;
using MetaLlm.Engine.Orleans.Contracts;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Finds the holder of an allowance in the cluster.</summary>
/// <param name="grains">The cluster.</param>
internal sealed class GrainAllowanceHolder(IGrainFactory grains) : IAllowanceHolder
{
    /// <inheritdoc/>
    public async ValueTask<AllowanceGrant> RenewAsync(string scope, AllowanceReport report, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await grains.GetGrain<IAllowanceGrain>(scope).RenewAsync(report).ConfigureAwait(false);
        }
        catch (Exception error) when (ClusterFailures.IsClusterFailure(error))
        {
            throw ClusterFailures.Unavailable(error);
        }
    }
}
