namespace MetaLlm.Gateway.Configuration;

/// <summary>The settings in force; a reload swaps them whole, so that a request sees one or the other and never a mixture.</summary>
/// <param name="initial">The settings at the start.</param>
public sealed class SettingsStore(MetaLlmSettings initial)
{
    private volatile MetaLlmSettings _current = initial;

    /// <summary>The settings in force.</summary>
    public MetaLlmSettings Current => _current;

    /// <summary>Puts new settings in force.</summary>
    /// <param name="settings">The settings.</param>
    internal void Replace(MetaLlmSettings settings) => _current = settings;
}
