namespace MetaLlm.Core.Tenancy;

/// <summary>One thing that is wrong with a configuration.</summary>
/// <param name="Field">Path of the field, such as <c>Arms[2].Prices.Input</c>.</param>
/// <param name="Message">The value found and the legal range.</param>
public sealed record ConfigurationError(string Field, string Message);
