using Orleans.Runtime.Placement;

namespace MetaLlm.Engine.Orleans.Hosting;

/// <summary>
/// Places grains at random, as Orleans does, but on silos that reach the database while there are any: a tenant of a silo that died must not come to one that cannot load it. It takes the place of Orleans' own director of
/// <see cref="RandomPlacement"/>, since a strategy of another name would be unknown to silos of a release before.
/// </summary>
/// <param name="reach">Knows which silos do.</param>
internal sealed class ReachablePlacementDirector(DatabaseReach reach) : IPlacementDirector
{
    /// <inheritdoc/>
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var compatible = context.GetCompatibleSilos(target);
        if (IPlacementDirector.GetPlacementHint(target.RequestContextData, compatible) is { } hint)
        {
            return Task.FromResult(hint);
        }

        SiloAddress[] reachable = [.. compatible.Where(reach.Has)];
        var among = reachable.Length > 0 ? reachable : compatible;
        return Task.FromResult(among[Random.Shared.Next(among.Length)]);
    }
}
