namespace MetaLlm.WebConsole.SignIn;

/// <summary>How the holder of a session has signed in.</summary>
internal enum SessionKind
{
    /// <summary>With the key that the configuration names.</summary>
    Configuration,

    /// <summary>With a key of the directory.</summary>
    Key,

    /// <summary>With a code that the process has printed.</summary>
    Code,
}
