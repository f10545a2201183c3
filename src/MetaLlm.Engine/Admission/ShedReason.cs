namespace MetaLlm.Engine.Admission;

/// <summary>Why a request was turned away under load.</summary>
internal enum ShedReason
{
    /// <summary>Its wait for the embedding model was predicted to be too long.</summary>
    Queue = 0,

    /// <summary>It has waited too long.</summary>
    Wait = 1,

    /// <summary>The bodies of the requests under way fill the memory that they may take.</summary>
    Memory = 2,
}
