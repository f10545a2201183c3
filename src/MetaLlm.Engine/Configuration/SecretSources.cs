namespace MetaLlm.Engine.Configuration;

/// <summary>Where values come from that never stand in a configuration itself.</summary>
/// <param name="Variable">Looks up environment variables.</param>
/// <param name="File">Reads files; gives what one holds, or what is wrong with it, as a sentence without its subject that does not repeat what it holds.</param>
internal sealed record SecretSources(Func<string, string?> Variable, Func<string, (string? Text, string? Problem)> File)
{
    /// <summary>Has nothing.</summary>
    public static SecretSources None { get; } = new(_ => null, _ => (null, "cannot be read."));
}
