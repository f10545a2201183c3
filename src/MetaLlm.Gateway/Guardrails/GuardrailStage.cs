namespace MetaLlm.Gateway.Guardrails;

/// <summary>When a guardrail looks.</summary>
public enum GuardrailStage
{
    /// <summary>Before a model is chosen: the texts are the client's.</summary>
    Request = 0,

    /// <summary>Before the client gets it: the texts are the model's.</summary>
    Answer = 1,
}
