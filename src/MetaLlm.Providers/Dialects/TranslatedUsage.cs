using System.Text.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects;

/// <summary>A count of another format. Null where it does not say; later reports need not repeat what earlier ones said.</summary>
internal abstract class TranslatedUsage
{
    /// <summary>Prompt tokens, cached ones among them.</summary>
    protected abstract double? Prompt { get; }

    /// <summary>Prompt tokens read from a cache.</summary>
    protected double? Read { get; set; }

    /// <summary>Prompt tokens written to one.</summary>
    protected double? Written { get; set; }

    /// <summary>Completion tokens, thinking among them.</summary>
    protected abstract double? Output { get; }

    /// <summary>Tokens of thinking.</summary>
    protected double? Thinking { get; set; }

    /// <summary>Whether anything was counted.</summary>
    public bool IsKnown => Prompt is not null || Output is not null;

    /// <summary>What was counted so far.</summary>
    /// <param name="isStart">Whether the answer has not begun: what is said of its length then is no count of it.</param>
    public UsageCounts ToCounts(bool isStart) => new(Prompt ?? 0, isStart ? null : Output, null, Read, Written, isStart ? null : Thinking, null, null, null);

    /// <summary>Writes the value of a chat completion's member <c>usage</c>.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens", Prompt ?? 0);
        json.WriteNumber("completion_tokens", Output ?? 0);
        json.WriteNumber("total_tokens", (Prompt ?? 0) + (Output ?? 0));
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", Read ?? 0);
        json.WriteNumber("cache_write_tokens", Written ?? 0);
        json.WriteEndObject();
        if (Thinking is { } thinking)
        {
            json.WriteStartObject("completion_tokens_details");
            json.WriteNumber("reasoning_tokens", thinking);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    /// <summary>A number of tokens; null where it is missing, or none.</summary>
    protected static double? Count(JsonElement usage, string name) =>
        usage.Says(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var count) && double.IsFinite(count) && count >= 0 ? count : null;
}
