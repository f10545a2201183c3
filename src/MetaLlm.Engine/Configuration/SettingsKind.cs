namespace MetaLlm.Engine.Configuration;

/// <summary>What a value of the configuration is.</summary>
internal enum SettingsKind
{
    Text,
    Flag,
    Integer,
    Number,

    /// <summary>A duration; a number of seconds in the file.</summary>
    Seconds,
    Choice,
    Address,

    /// <summary>The name of an environment variable that holds the value.</summary>
    Variable,
    Object,
}
