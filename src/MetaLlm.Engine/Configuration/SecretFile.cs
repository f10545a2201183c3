namespace MetaLlm.Engine.Configuration;

/// <summary>A file that a configuration names, with the secret that it holds, such as the mounted entry of a Kubernetes Secret.</summary>
/// <param name="Path">Path of the file.</param>
/// <param name="Value">What it holds, without blanks around it; several keys stand on lines of their own where that is legal. Never printed.</param>
public sealed record SecretFile(string Path, string Value)
{
    /// <summary>Each line that is not blank, without blanks around it.</summary>
    public IReadOnlyList<string> Lines => Value.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <inheritdoc/>
    public override string ToString() => Path;
}
