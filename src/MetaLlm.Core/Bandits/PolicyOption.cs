namespace MetaLlm.Core.Bandits;

/// <summary>A number that tunes a policy.</summary>
/// <param name="Name">Name in configuration, camel case.</param>
/// <param name="Default">Value when not given.</param>
/// <param name="Minimum">Smallest legal value, inclusive.</param>
/// <param name="Maximum">Largest legal value, inclusive.</param>
/// <param name="Description">What it does, with its unit.</param>
public sealed record PolicyOption(string Name, double Default, double Minimum, double Maximum, string Description);
