namespace MetaLlm.Engine.Ports;

/// <summary>What a call asks a model for.</summary>
public enum CallKind
{
    /// <summary>A chat completion.</summary>
    Chat = 0,

    /// <summary>Vectors of texts (<c>/embeddings</c>).</summary>
    Embeddings = 1,

    /// <summary>The text that follows a prompt (<c>/completions</c>), which some servers still have.</summary>
    Completions = 2,
}
