namespace MetaLlm.Gateway.Configuration;

/// <summary>How the configuration as it was last read stands to the one in force.</summary>
internal enum ReloadOutcome
{
    /// <summary>They are the same.</summary>
    InForce = 0,

    /// <summary>Some members keep their old values until a restart.</summary>
    NeedsRestart = 1,

    /// <summary>It is refused, as a whole or for some tenants.</summary>
    Refused = 2,

    /// <summary>It could not be put in force.</summary>
    Failed = 3,
}
