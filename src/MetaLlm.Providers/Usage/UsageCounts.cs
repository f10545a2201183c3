using System.Globalization;
using System.Text.Json;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Usage;

/// <summary>What a provider says it counted, in the words of whichever dialect it speaks; not judged. Null where it does not say.</summary>
/// <param name="Prompt">Prompt tokens.</param>
/// <param name="Completion">Completion tokens.</param>
/// <param name="Total">Both, and reasoning where that is outside of them.</param>
/// <param name="Cached">Prompt tokens read from a cache.</param>
/// <param name="CacheWrite">Prompt tokens written to one.</param>
/// <param name="Reasoning">Hidden completion tokens.</param>
/// <param name="AudioInput">Prompt tokens of sound.</param>
/// <param name="AudioOutput">Completion tokens of sound.</param>
/// <param name="CostUsd">The bill, USD.</param>
internal readonly record struct UsageCounts(
    double? Prompt, double? Completion, double? Total, double? Cached, double? CacheWrite, double? Reasoning, double? AudioInput, double? AudioOutput, double? CostUsd)
{
    /// <summary>Whether tokens of either kind were counted.</summary>
    public bool HasTokens => Prompt is not null || Completion is not null || Total is not null;

    /// <summary>Reads a usage object; null when it says nothing.</summary>
    public static UsageCounts? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var prompt = Count(usage, "prompt_tokens");
        var cached = Detail(usage, "prompt_tokens_details", "cached_tokens") ?? Detail(usage, "input_tokens_details", "cached_tokens")
            ?? Count(usage, "prompt_cache_hit_tokens") ?? Count(usage, "cached_tokens") ?? Count(usage, "cache_read_input_tokens");
        var written = Detail(usage, "prompt_tokens_details", "cache_write_tokens") ?? Detail(usage, "prompt_tokens_details", "cache_creation_tokens")
            ?? Count(usage, "cache_write_tokens") ?? Count(usage, "cache_creation_input_tokens");
        if (prompt is null or 0 && Count(usage, "prompt_cache_hit_tokens") is { } hit && Count(usage, "prompt_cache_miss_tokens") is { } miss)
        {
            prompt = hit + miss;
        }
        else if (prompt is null && Count(usage, "input_tokens") is { } input)
        {
            // Where prompt tokens go by this name, cached ones have names of their own and are not among them.
            prompt = input + (Count(usage, "cache_read_input_tokens") ?? 0) + (Count(usage, "cache_creation_input_tokens") ?? 0);
        }

        var counts = new UsageCounts(
            prompt,
            Count(usage, "completion_tokens") ?? Count(usage, "output_tokens"),
            Count(usage, "total_tokens"),
            cached,
            written,
            Detail(usage, "completion_tokens_details", "reasoning_tokens") ?? Detail(usage, "output_tokens_details", "reasoning_tokens") ?? Count(usage, "reasoning_tokens"),
            Detail(usage, "prompt_tokens_details", "audio_tokens"),
            Detail(usage, "completion_tokens_details", "audio_tokens"),
            Bill(usage));
        return counts == default ? null : counts;
    }

    /// <summary>A later report with what only an earlier one said.</summary>
    public UsageCounts Over(UsageCounts earlier) => new(
        Prompt ?? earlier.Prompt,
        Completion ?? earlier.Completion,
        Total ?? (Completion is null ? earlier.Total : null),
        Cached ?? earlier.Cached,
        CacheWrite ?? earlier.CacheWrite,
        Reasoning ?? earlier.Reasoning,
        AudioInput ?? earlier.AudioInput,
        AudioOutput ?? earlier.AudioOutput,
        CostUsd ?? earlier.CostUsd);

    private static double? Bill(JsonElement usage)
    {
        var cost = Count(usage, "cost") ?? Detail(usage, "cost", "total_cost");

        // Who calls with a key of its own at the provider pays the provider, and the fee beside.
        var byKey = usage.TryGetProperty("is_byok", out var own) && own.ValueKind == JsonValueKind.True;
        return byKey ? (cost ?? 0) + Detail(usage, "cost_details", "upstream_inference_cost") : cost;
    }

    private static double? Detail(JsonElement usage, string owner, string name) =>
        usage.TryGetProperty(owner, out var details) && details.ValueKind == JsonValueKind.Object ? Count(details, name) : null;

    private static double? Count(JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var value))
        {
            return null;
        }

        var count = value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) ? number
            : value.ValueKind == JsonValueKind.String && double.TryParse(JsonTexts.Read(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var spelt) ? spelt
            : double.NaN;
        return double.IsFinite(count) && count >= 0 ? count : null;
    }
}
