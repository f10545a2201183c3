using MetaLlm.Gateway.Guardrails;

namespace MetaLlm.Extensions.AI.Tests.Support;

/// <summary>Blocks what speaks of swords, hides names in requests, and drinks in answers.</summary>
internal sealed class HouseRules : IGuardrail
{
    public ValueTask<GuardrailVerdict> CheckAsync(GuardedContent content, CancellationToken cancellationToken)
    {
        var (hidden, shown) = content.Stage == GuardrailStage.Request ? ("Tom", "a cat") : ("milk", "a drink");
        return ValueTask.FromResult(
            content.Texts.Any(text => text.Text.Contains("sword", StringComparison.Ordinal)) ? GuardrailVerdict.Block()
            : content.Texts.Any(text => text.Text.Contains(hidden, StringComparison.Ordinal)) ? GuardrailVerdict.Replace([.. content.Texts.Select(text => text.Text.Replace(hidden, shown, StringComparison.Ordinal))])
            : GuardrailVerdict.Allow);
    }
}
