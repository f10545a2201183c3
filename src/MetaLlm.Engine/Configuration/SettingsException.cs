namespace MetaLlm.Engine.Configuration;

/// <summary>The configuration cannot be used.</summary>
/// <param name="errors">Everything that is wrong with it.</param>
public sealed class SettingsException(IReadOnlyList<SettingsError> errors)
    : Exception("The configuration cannot be used:" + string.Concat(errors.Select(e => Environment.NewLine + "  " + e)))
{
    /// <summary>Everything that is wrong with it.</summary>
    public IReadOnlyList<SettingsError> Errors { get; } = errors;
}
