using System.Collections.Frozen;
using System.Text.Json;

namespace MetaLlm.Simulator.Http;

/// <summary>Reads a chat completion request; fields it has no use for pass, fields it needs are checked.</summary>
internal static class ChatRequestReader
{
    /// <summary>Defined by the API; those the simulator has no use for are ignored.</summary>
    private static readonly FrozenSet<string> Defined = FrozenSet.Create(
        StringComparer.Ordinal,
        "model", "messages", "stream", "stream_options", "max_tokens", "max_completion_tokens", "n", "seed", "temperature", "tools", "tool_choice",
        "audio", "frequency_penalty", "function_call", "functions", "logit_bias", "logprobs", "metadata", "modalities", "parallel_tool_calls", "prediction",
        "presence_penalty", "prompt_cache_key", "reasoning_effort", "response_format", "safety_identifier", "service_tier", "stop", "store", "top_logprobs",
        "top_p", "user", "verbosity", "web_search_options");

    /// <exception cref="FieldException">A field is missing or illegal.</exception>
    public static ChatRequest Read(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new FieldException("body", $"The body must be a JSON object, not {Kind(body)}.");
        }

        if (Whole(body, "n", 1, 128) is { } choices and not 1)
        {
            throw new FieldException("n", $"n: {choices} is not supported; the simulator gives one choice (n = 1).");
        }

        var messages = Messages(body);
        var tools = Optional(body, "tools");
        return new ChatRequest
        {
            Model = Model(body),
            Messages = messages,
            Stream = Flag(body, "stream"),
            IncludeUsage = Optional(body, "stream_options") is { ValueKind: JsonValueKind.Object } options && Flag(options, "include_usage"),
            LogProbabilities = Flag(body, "logprobs"),
            MaxTokens = (int?)(Whole(body, "max_completion_tokens", 1, int.MaxValue) ?? Whole(body, "max_tokens", 1, int.MaxValue)),
            Temperature = Temperature(body),
            Seed = Whole(body, "seed", long.MinValue, long.MaxValue),
            Tool = ToolReader.Required(tools, Optional(body, "tool_choice")),
            ToolTokens = tools is { } declared ? TokenCounter.Count(declared.GetRawText()) : 0,
            UnknownFields = body.EnumerateObject().Where(field => !Defined.Contains(field.Name)).GroupBy(field => field.Name).ToDictionary(group => group.Key, group => group.Last().Value.Clone()),
        };
    }

    /// <summary>Reads a request of the format before chat as if its prompt were a user's message.</summary>
    /// <exception cref="FieldException">A field is missing or illegal.</exception>
    public static ChatRequest ReadCompletion(JsonElement body)
    {
        if (body.ValueKind != JsonValueKind.Object)
        {
            throw new FieldException("body", $"The body must be a JSON object, not {Kind(body)}.");
        }

        if ((Whole(body, "n", 1, 128) ?? 1) != 1 || (Whole(body, "best_of", 1, 128) ?? 1) != 1)
        {
            throw new FieldException("n", "n: the simulator gives one choice (n = 1, best_of = 1).");
        }

        var prompt = Optional(body, "prompt") is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() == 1 ? list[0] : Optional(body, "prompt");
        return new ChatRequest
        {
            Model = Model(body),
            Messages = [new ChatMessage("user", prompt is { ValueKind: JsonValueKind.String } text ? text.GetString()! : throw new FieldException("prompt", "prompt: it must be a string, or a list of one."))],
            Stream = Flag(body, "stream"),
            IncludeUsage = Optional(body, "stream_options") is { ValueKind: JsonValueKind.Object } options && Flag(options, "include_usage"),
            MaxTokens = (int?)Whole(body, "max_tokens", 1, int.MaxValue),
            Temperature = Temperature(body),
            Seed = Whole(body, "seed", long.MinValue, long.MaxValue),
            IsText = true,
        };
    }

    public static string Model(JsonElement body) =>
        Optional(body, "model") is { ValueKind: JsonValueKind.String } model ? model.GetString()! : throw new FieldException("model", "model: it is missing or no string.");

    private static List<ChatMessage> Messages(JsonElement body)
    {
        if (Optional(body, "messages") is not { ValueKind: JsonValueKind.Array } messages || messages.GetArrayLength() == 0)
        {
            throw new FieldException("messages", "messages: it is missing, empty or no array; at least one message is needed.");
        }

        var result = new List<ChatMessage>();
        foreach (var message in messages.EnumerateArray())
        {
            var field = FormattableString.Invariant($"messages[{result.Count}]");
            if (message.ValueKind != JsonValueKind.Object)
            {
                throw new FieldException(field, $"{field}: it must be an object, not {Kind(message)}.");
            }

            if (Optional(message, "role") is not { ValueKind: JsonValueKind.String } role)
            {
                throw new FieldException(field + ".role", $"{field}.role: it is missing or no string.");
            }

            result.Add(new ChatMessage(role.GetString()!, Content(message, field + ".content")));
        }

        return result;
    }

    private static string Content(JsonElement message, string field) => Optional(message, "content") switch
    {
        null => string.Empty,
        { ValueKind: JsonValueKind.String } text => text.GetString()!,
        { ValueKind: JsonValueKind.Array } parts => string.Join('\n', parts.EnumerateArray()
            .Where(part => part.ValueKind == JsonValueKind.Object)
            .Select(part => Optional(part, "text"))
            .OfType<JsonElement>().Where(text => text.ValueKind == JsonValueKind.String).Select(text => text.GetString())),
        { } other => throw new FieldException(field, $"{field}: it must be a string or an array of parts, not {Kind(other)}."),
    };

    private static double Temperature(JsonElement body)
    {
        if (Optional(body, "temperature") is not { } value)
        {
            return 1;
        }

        return value.ValueKind == JsonValueKind.Number && value.GetDouble() is >= 0 and <= 2 and var temperature
            ? temperature
            : throw new FieldException("temperature", $"temperature: {value.GetRawText()} is no number from 0 to 2.");
    }

    public static long? Whole(JsonElement body, string field, long minimum, long maximum)
    {
        if (Optional(body, field) is not { } value)
        {
            return null;
        }

        return value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number) && number >= minimum && number <= maximum
            ? number
            : throw new FieldException(field, FormattableString.Invariant($"{field}: {value.GetRawText()} is no whole number from {minimum} to {maximum}."));
    }

    private static bool Flag(JsonElement body, string field) => Optional(body, field) switch
    {
        null or { ValueKind: JsonValueKind.False } => false,
        { ValueKind: JsonValueKind.True } => true,
        { } other => throw new FieldException(field, $"{field}: it must be true or false, not {Kind(other)}."),
    };

    /// <summary>A field's value; null where it is absent or JSON null.</summary>
    public static JsonElement? Optional(JsonElement body, string field) =>
        body.TryGetProperty(field, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string Kind(JsonElement element) => EnumNames.Of(element.ValueKind);
}
