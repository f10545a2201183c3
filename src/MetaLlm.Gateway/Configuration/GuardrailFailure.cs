namespace MetaLlm.Gateway.Configuration;

/// <summary>What becomes of texts that a guardrail could not look at.</summary>
public enum GuardrailFailure
{
    /// <summary>They do not go on: the client gets 503.</summary>
    Block = 0,

    /// <summary>They go on unchecked.</summary>
    Allow = 1,
}
