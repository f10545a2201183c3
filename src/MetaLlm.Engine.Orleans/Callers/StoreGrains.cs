using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>Finds grains that keep something in the database, which silos of earlier releases do not have.</summary>
internal static class StoreGrains
{
    /// <summary>The grain.</summary>
    /// <param name="grains">The cluster.</param>
    /// <param name="what">What it keeps, in the plural.</param>
    /// <exception cref="UpgradeInProgressException">No silo has it yet.</exception>
    public static T Find<T>(IGrainFactory grains, string what)
        where T : IGrainWithIntegerKey
    {
        try
        {
            return grains.GetGrain<T>(0);
        }
        catch (ArgumentException error)
        {
            // Orleans knows grains by what silos say that they have.
            throw new UpgradeInProgressException($"No silo keeps {what} yet: {error.Message}");
        }
    }
}
