using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Authentication;

/// <summary>The index of keys for the settings in force, made once for each version of them.</summary>
internal sealed class KeyDirectory(SettingsStore settings)
{
    private volatile KeyIndex _index = new(settings.Current);

    public KeyIndex Current
    {
        get
        {
            var current = settings.Current;
            var index = _index;

            // Requests that arrive together after a reload may each make one; they are alike.
            return ReferenceEquals(index.Settings, current) ? index : _index = new KeyIndex(current);
        }
    }
}
