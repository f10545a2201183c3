namespace MetaLlm.Gateway.Guardrails;

/// <summary>What is to become of texts.</summary>
public enum GuardrailAction
{
    /// <summary>They go on.</summary>
    Allow = 0,

    /// <summary>They do not: the client gets an error.</summary>
    Block = 1,

    /// <summary>Others go on in their place.</summary>
    Replace = 2,
}
