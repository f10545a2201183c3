namespace MetaLlm.Engine.Configuration;

/// <summary>Marks a duration that has no fractions of a second.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeSecondsAttribute : Attribute;
