namespace MetaLlm.Gateway.Configuration;

/// <summary>Where a guardrail runs.</summary>
public enum GuardrailKind
{
    /// <summary>At an address, which gets the texts as JSON.</summary>
    Webhook = 0,

    /// <summary>In the process: an <c>IGuardrail</c> registered under the guardrail's name.</summary>
    Service = 1,
}
