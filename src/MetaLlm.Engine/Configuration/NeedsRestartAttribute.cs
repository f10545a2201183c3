namespace MetaLlm.Engine.Configuration;

/// <summary>Marks a member of the configuration whose change takes a restart, with everything inside it. All others are followed at once.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NeedsRestartAttribute : Attribute;
