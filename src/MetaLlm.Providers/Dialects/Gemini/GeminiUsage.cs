using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Gemini;

/// <summary>A count, which each piece of a stream says anew. What was read from a cache is among the prompt's; thinking is beside the candidates'.</summary>
internal sealed class GeminiUsage : TranslatedUsage
{
    private double? _prompt;
    private double? _tools;
    private double? _candidates;

    /// <inheritdoc/>
    protected override double? Prompt => _prompt is null && _tools is null ? null : (_prompt ?? 0) + (_tools ?? 0);

    /// <inheritdoc/>
    protected override double? Output => _candidates is null && Thinking is null ? null : (_candidates ?? 0) + (Thinking ?? 0);

    /// <summary>Takes in the member <c>usageMetadata</c> of an answer or a piece of one.</summary>
    public void Saw(JsonElement owner)
    {
        if (!owner.Says("usageMetadata", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _prompt = Count(usage, "promptTokenCount") ?? _prompt;
        _tools = Count(usage, "toolUsePromptTokenCount") ?? _tools;
        _candidates = Count(usage, "candidatesTokenCount") ?? _candidates;
        Read = Count(usage, "cachedContentTokenCount") ?? Read;
        Thinking = Count(usage, "thoughtsTokenCount") ?? Thinking;
    }
}
