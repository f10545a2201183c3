namespace MetaLlm.Lab.Sessions;

/// <summary>What a user of a simulated session asks for.</summary>
internal enum SessionKind
{
    /// <summary>What to do, and in which order.</summary>
    Plan = 0,

    /// <summary>A change of code.</summary>
    Code = 1,

    /// <summary>Something that must be found and read.</summary>
    Read = 2,

    /// <summary>A text, or a summary of one.</summary>
    Write = 3,
}
