namespace MetaLlm.Engine.Configuration;

/// <summary>Something wrong with the configuration.</summary>
/// <param name="Path">Where, as a JSON path.</param>
/// <param name="Problem">The value and the legal range, as a sentence without its subject.</param>
public sealed record SettingsError(string Path, string Problem)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Path} {Problem}";
}
