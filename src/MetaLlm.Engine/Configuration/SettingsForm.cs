namespace MetaLlm.Engine.Configuration;

/// <summary>How many values a member of the configuration has.</summary>
internal enum SettingsForm
{
    One,
    List,

    /// <summary>An object whose members have free names.</summary>
    Map,
}
