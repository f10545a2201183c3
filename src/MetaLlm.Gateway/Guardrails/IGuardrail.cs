namespace MetaLlm.Gateway.Guardrails;

/// <summary>
/// A check that an application brings, registered under a name: <c>services.AddKeyedSingleton&lt;IGuardrail, MyGuardrail&gt;("name")</c>. The configuration lists the name under
/// <c>guardrails</c> with kind <c>service</c>, and each tenant says for which stages it wants it.
/// </summary>
/// <remarks>
/// Implementations are safe for concurrent use. The time-out of the configuration holds: after it the check counts as failed, whether it heeds the cancellation or not. What it throws is a
/// failure too; only the exception's type is logged.
/// </remarks>
public interface IGuardrail
{
    /// <summary>Looks at texts.</summary>
    /// <param name="content">The texts, and where they come from.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    /// <returns>What is to become of them.</returns>
    ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken);
}
