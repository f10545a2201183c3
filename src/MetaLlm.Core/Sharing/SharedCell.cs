namespace MetaLlm.Core.Sharing;

/// <summary>What a tenant gave of one model on one topic: sums with noise, over all that it has given so far.</summary>
/// <param name="Model">What the model is known by among tenants.</param>
/// <param name="Topic">The topic; empty for requests of no topic that is pooled.</param>
/// <param name="Good">Sum of the rewards, in parts (<see cref="SharedTally.Parts"/>), with noise: it may be below 0.</param>
/// <param name="Bad">Sum of what the rewards lack to 1, likewise. Both sums together are the number of rewards.</param>
/// <param name="Variance">Variance of the noise in each of the two, in squared parts.</param>
[GenerateSerializer, Immutable, Alias("metallm.shared-cell")]
public readonly record struct SharedCell(
    [property: Id(0)] string Model,
    [property: Id(1)] string Topic,
    [property: Id(2)] long Good,
    [property: Id(3)] long Bad,
    [property: Id(4)] double Variance)
{
    /// <summary>The cell with what was given later.</summary>
    /// <param name="later">The same model and topic.</param>
    public SharedCell Plus(in SharedCell later) => this with { Good = Good + later.Good, Bad = Bad + later.Bad, Variance = Variance + later.Variance };
}
