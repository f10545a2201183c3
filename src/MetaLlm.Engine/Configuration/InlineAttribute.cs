namespace MetaLlm.Engine.Configuration;

/// <summary>Marks a property whose members stand in the configuration as if they were members of the object around it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class InlineAttribute : Attribute;
