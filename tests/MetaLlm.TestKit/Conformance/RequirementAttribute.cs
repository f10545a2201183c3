namespace MetaLlm.TestKit.Conformance;

/// <summary>Marks a class that runs a conformance suite on something that not every machine has.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class RequirementAttribute : Attribute
{
    /// <summary>Why the suite cannot run here; null when it can.</summary>
    public abstract string? Unmet { get; }
}
