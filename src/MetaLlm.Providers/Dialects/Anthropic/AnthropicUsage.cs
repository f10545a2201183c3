using System.Text.Json;
using MetaLlm.Providers.Usage;

namespace MetaLlm.Providers.Dialects.Anthropic;

/// <summary>A count, which grows while the answer is streamed: later events say it anew, and need not repeat what has not changed.</summary>
internal sealed class AnthropicUsage
{
    private double? _input;
    private double? _read;
    private double? _written;
    private double? _output;
    private double? _thinking;

    /// <summary>Whether anything was counted.</summary>
    public bool IsKnown => _input is not null || _output is not null;

    private double Prompt => (_input ?? 0) + (_read ?? 0) + (_written ?? 0);

    /// <summary>Takes in the member <c>usage</c> of a message or of an event.</summary>
    public void Saw(JsonElement owner)
    {
        if (!owner.Says("usage", out var usage) || usage.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        _input = Count(usage, "input_tokens") ?? _input;
        _read = Count(usage, "cache_read_input_tokens") ?? _read;
        _written = Count(usage, "cache_creation_input_tokens") ?? _written;
        _output = Count(usage, "output_tokens") ?? _output;
        _thinking = (usage.Says("output_tokens_details", out var details) ? Count(details, "thinking_tokens") : null) ?? _thinking;
    }

    /// <summary>What was counted so far.</summary>
    /// <param name="isStart">Whether the answer has not begun: what is said of its length then is no count of it.</param>
    public UsageCounts ToCounts(bool isStart) => new(Prompt, isStart ? null : _output, null, _read, _written, isStart ? null : _thinking, null, null, null);

    /// <summary>Writes the value of a chat completion's member <c>usage</c>, in which cached tokens are among those of the prompt.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("prompt_tokens", Prompt);
        json.WriteNumber("completion_tokens", _output ?? 0);
        json.WriteNumber("total_tokens", Prompt + (_output ?? 0));
        json.WriteStartObject("prompt_tokens_details");
        json.WriteNumber("cached_tokens", _read ?? 0);
        json.WriteNumber("cache_write_tokens", _written ?? 0);
        json.WriteEndObject();
        if (_thinking is { } thinking)
        {
            json.WriteStartObject("completion_tokens_details");
            json.WriteNumber("reasoning_tokens", thinking);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static double? Count(JsonElement usage, string name) =>
        usage.Says(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var count) && double.IsFinite(count) && count >= 0 ? count : null;
}
