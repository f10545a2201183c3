using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Tokens of a chat completion as its model counted them.</summary>
/// <param name="Prompt">Prompt tokens, those of caches included.</param>
/// <param name="Cached">Prompt tokens read from a cache.</param>
/// <param name="Written">Prompt tokens written to one.</param>
/// <param name="Completion">Tokens of the answer, reasoning included.</param>
/// <param name="Reasoning">Tokens of reasoning.</param>
internal sealed record ChatUsage(long Prompt, long Cached, long Written, long Completion, long Reasoning)
{
    /// <summary>Reads a usage object; null where it counts nothing.</summary>
    public static ChatUsage? Read(JsonElement usage)
    {
        if (usage.ValueKind != JsonValueKind.Object || (Count(usage, "prompt_tokens") is null && Count(usage, "completion_tokens") is null))
        {
            return null;
        }

        var prompt = Count(usage, "prompt_tokens") ?? 0;
        var cached = Detail(usage, "prompt_tokens_details", "cached_tokens") ?? Count(usage, "prompt_cache_hit_tokens") ?? 0;
        var written = Detail(usage, "prompt_tokens_details", "cache_write_tokens") ?? Detail(usage, "prompt_tokens_details", "cache_creation_tokens") ?? 0;
        cached = Math.Min(cached, prompt);
        return new ChatUsage(
            prompt,
            cached,
            Math.Min(written, prompt - cached),
            Count(usage, "completion_tokens") ?? 0,
            Detail(usage, "completion_tokens_details", "reasoning_tokens") ?? 0);
    }

    private static long? Detail(JsonElement usage, string owner, string name) =>
        usage.TryGetProperty(owner, out var details) && details.ValueKind == JsonValueKind.Object ? Count(details, name) : null;

    private static long? Count(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var count) && count is >= 0 and < 1e15 ? (long)count : null;
}
