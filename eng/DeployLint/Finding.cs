namespace MetaLlm.DeployLint;

/// <summary>Something that is wrong.</summary>
/// <param name="File">Where.</param>
/// <param name="Path">Place in the file; empty for the whole of it.</param>
/// <param name="Message">What, and what would be right.</param>
public sealed record Finding(string File, string Path, string Message)
{
    public override string ToString() => Path.Length == 0 ? $"{File}: {Message}" : $"{File}: {Path} {Message}";
}
