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

    /// <summary>The path of a file that holds the value.</summary>
    File,

    /// <summary>Any JSON value; an object or a list is written as a text.</summary>
    Json,
    Object,
}
