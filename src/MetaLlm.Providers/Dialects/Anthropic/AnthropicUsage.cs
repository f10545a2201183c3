using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>A count, which grows while the answer is streamed. What caches gave and took stands beside the prompt's.</summary>
internal sealed class AnthropicUsage : TranslatedUsage
{
    private double? _input;
    private double? _output;

    /// <inheritdoc/>
    protected override double? Prompt => _input is null && Read is null && Written is null ? null : (_input ?? 0) + (Read ?? 0) + (Written ?? 0);

    /// <inheritdoc/>
    protected override double? Output => _output;

    /// <summary>Takes in the member <c>usage</c> of a message or of an event.</summary>
    public void Saw(JsonElement owner)
    {
        if (!owner.Says("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _input = Count(usage, "input_tokens") ?? _input;
        Read = Count(usage, "cache_read_input_tokens") ?? Read;
        Written = Count(usage, "cache_creation_input_tokens") ?? Written;
        _output = Count(usage, "output_tokens") ?? _output;
        Thinking = (usage.Says("output_tokens_details", out var details) ? Count(details, "thinking_tokens") : null) ?? Thinking;
    }
}
