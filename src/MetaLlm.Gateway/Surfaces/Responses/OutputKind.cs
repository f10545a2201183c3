namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Kinds of items of an answer.</summary>
internal enum OutputKind
{
    /// <summary>What the model thought.</summary>
    Reasoning,

    /// <summary>What it says.</summary>
    Message,

    /// <summary>A call of a function.</summary>
    Call,
}
