namespace MetaLlm.Lab.Replay.Batches;

/// <summary>What one seed's batch came to.</summary>
/// <param name="Reward">Mean recorded reward of the arms that were assigned.</param>
/// <param name="CostUsd">Mean recorded cost, USD a query.</param>
/// <param name="Expected">Mean reward that the first plan promised.</param>
/// <param name="Low">Lower end of its 95 % interval.</param>
/// <param name="High">Upper end.</param>
/// <param name="PlannedUsd">Cost that the first plan expected, USD a query.</param>
internal readonly record struct BatchOutcome(double Reward, double CostUsd, double Expected, double Low, double High, double PlannedUsd)
{
    /// <summary>Whether the recorded reward lies in the interval that was promised.</summary>
    public bool IsCovered => Reward >= Low && Reward <= High;
}
