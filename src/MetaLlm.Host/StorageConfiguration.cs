using MetaLlm.Engine.Configuration;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Storage;

namespace MetaLlm.Host;

/// <summary>Reads from a configuration file where data are kept.</summary>
public static class StorageConfiguration
{
    /// <summary>Reads the storage settings; the rest of the file is not looked at.</summary>
    /// <param name="configFile">Path of the file.</param>
    /// <exception cref="SettingsException">The file is missing or no JSON, or the settings are wrong; the exception lists everything.</exception>
    public static StorageSettings Read(string configFile)
    {
        using var file = ConfigurationFile.Open(configFile);
        return SettingsReader.ReadMember<StorageSettings>(
            file.Configuration, "storage", new SettingsContext(), (storage, errors) => storage.Complete(directory: null, errors));
    }
}
