using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Responses;

/// <summary>A count. What caches gave and took is part of the prompt's, reasoning part of the answer's.</summary>
internal sealed class ResponsesUsage : TranslatedUsage
{
    private double? _input;
    private double? _output;

    /// <inheritdoc/>
    protected override double? Prompt => _input;

    /// <inheritdoc/>
    protected override double? Output => _output;

    /// <summary>Takes in the member <c>usage</c> of a response.</summary>
    public void Saw(JsonElement response)
    {
        if (!response.Says("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _input = Count(usage, "input_tokens");
        _output = Count(usage, "output_tokens");
        if (usage.Says("input_tokens_details", out var details) && details.ValueKind == JsonValueKind.Object)
        {
            Read = Count(details, "cached_tokens");
            Written = Count(details, "cache_write_tokens");
        }

        Thinking = usage.Says("output_tokens_details", out details) ? Count(details, "reasoning_tokens") : null;
    }
}
