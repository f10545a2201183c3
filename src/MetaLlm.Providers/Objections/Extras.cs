namespace MetaLlm.Providers.Objections;

/// <summary>What a dialect asks for besides what the client does. Models that have none of it say so, and are asked without.</summary>
[Flags]
internal enum Extras
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Reasoning in encrypted form, which goes back with the next request.</summary>
    EncryptedReasoning = 1,

    /// <summary>A summary of reasoning, which clients are shown.</summary>
    Summary = 2,
}
