namespace MetaLlm.Engine.Ports;

/// <summary>Which reasoning of a request a model is not sent, because another one has signed or encrypted it.</summary>
public enum WithheldReasoning
{
    /// <summary>None: all of it may be the model's own.</summary>
    None = 0,

    /// <summary>That of questions which are closed: several models have worked on them.</summary>
    Closed = 1,

    /// <summary>All of it.</summary>
    All = 2,
}
