using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>A count. What caches gave and took stands beside the prompt's.</summary>
internal sealed class BedrockUsage : TranslatedUsage
{
    private double? _input;
    private double? _output;

    /// <inheritdoc/>
    protected override double? Prompt => _input is null ? null : _input + (Read ?? 0) + (Written ?? 0);

    /// <inheritdoc/>
    protected override double? Output => _output;

    /// <summary>Takes in the member <c>usage</c> of an answer or of an event.</summary>
    public void Saw(JsonElement owner)
    {
        if (owner.Says("usage", out var usage) && usage.ValueKind == JsonValueKind.Object)
        {
            _input = Count(usage, "inputTokens");
            Read = Count(usage, "cacheReadInputTokens");
            Written = Count(usage, "cacheWriteInputTokens");
            _output = Count(usage, "outputTokens");
        }
    }
}
