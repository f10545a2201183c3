namespace MetaLlm.Gateway.Configuration;

/// <summary>When the guardrails of answers look at a stream.</summary>
public enum GuardedStreams
{
    /// <summary>Before any of it is sent: the client waits for the whole answer, and gets signs of life meanwhile.</summary>
    Hold = 0,

    /// <summary>Piece by piece, each before it is sent, with all that came before it.</summary>
    Chunks = 1,

    /// <summary>When all but the mark of the end has been sent.</summary>
    Afterwards = 2,
}
