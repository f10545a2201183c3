namespace MetaLlm.Core.Bandits;

/// <summary>What an arm's failures add to one success of it.</summary>
/// <param name="CostUsd">USD for attempts that give no answer.</param>
/// <param name="Seconds">Seconds that they take.</param>
/// <param name="Quality">Quality that is lost by them.</param>
internal readonly record struct ExpectedWaste(double CostUsd, double Seconds, double Quality);
