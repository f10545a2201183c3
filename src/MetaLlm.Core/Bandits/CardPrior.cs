namespace MetaLlm.Core.Bandits;

/// <summary>A model's card as a policy reads it.</summary>
/// <param name="Weight">How many rewards it counts as, above 0.</param>
/// <param name="Level">Mean reward over all requests, 0 to 1.</param>
/// <param name="Turns">Per slot of the task block, by how much the mean reward there is above <paramref name="Level"/>; 0 where nothing is known. Empty where contexts have no task.</param>
public sealed record CardPrior(double Weight, double Level, double[] Turns);
