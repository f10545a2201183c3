namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Kinds of blocks that come piece by piece.</summary>
internal enum MessagesBlock
{
    /// <summary>No block is open.</summary>
    None,

    /// <summary>Text.</summary>
    Text,

    /// <summary>Thinking in the open.</summary>
    Thinking,

    /// <summary>A call of a tool.</summary>
    Tool,
}
