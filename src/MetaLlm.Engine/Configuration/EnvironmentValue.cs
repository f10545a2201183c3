namespace MetaLlm.Engine.Configuration;

/// <summary>An environment variable that a configuration names, with what it holds. Keys never stand in a configuration itself.</summary>
/// <param name="Variable">Name of the variable.</param>
/// <param name="Value">What it holds, without blanks around it. Never printed.</param>
public sealed record EnvironmentValue(string Variable, string Value)
{
    /// <inheritdoc/>
    public override string ToString() => Variable;
}
