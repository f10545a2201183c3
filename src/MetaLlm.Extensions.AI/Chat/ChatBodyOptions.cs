using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace MetaLlm.Extensions.AI.Chat;

/// <summary>Writes options as members of a chat completion request. Additional properties go on under their names.</summary>
internal static class ChatBodyOptions
{
    /// <summary>Name of the property, of options and of tools, that asks for strict schemas, as clients of OpenAI know it.</summary>
    private const string Strict = "strictJsonSchema";

    private const string UnnamedSchema = "answer";

    private static readonly FrozenSet<string> Own = FrozenSet.Create(StringComparer.Ordinal,
        "model", "messages", "stream", "stream_options", "temperature", "top_p", "top_k", "frequency_penalty", "presence_penalty", "seed", "max_tokens", "max_completion_tokens", "stop",
        "tools", "tool_choice", "parallel_tool_calls", "response_format", "reasoning_effort");

    public static void Write(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.ConversationId is not null)
        {
            throw MetaLlmException.BadField(
                nameof(options.ConversationId), $"is given, but no history is kept; send all messages, and name the conversation by {nameof(RoutingWishes)}.{nameof(RoutingWishes.Session)} where that helps.");
        }

        if (options.ContinuationToken is not null || options.AllowBackgroundResponses == true)
        {
            throw MetaLlmException.BadField(
                options.ContinuationToken is null ? nameof(options.AllowBackgroundResponses) : nameof(options.ContinuationToken), "is given; answers in the background are not supported.");
        }

        WriteNumbers(json, options);
        if (options.StopSequences is { Count: > 0 } stops)
        {
            json.WriteStartArray("stop");
            foreach (var stop in stops)
            {
                json.WriteStringValue(stop);
            }

            json.WriteEndArray();
        }

        WriteTools(json, options);
        WriteFormat(json, options);
        if (Effort(options.Reasoning?.Effort) is { } effort)
        {
            json.WriteString("reasoning_effort", effort);
        }

        WriteRest(json, options);
    }

    private static void WriteNumbers(Utf8JsonWriter json, ChatOptions options)
    {
        Write("temperature", options.Temperature);
        Write("top_p", options.TopP);
        Write("top_k", options.TopK);
        Write("frequency_penalty", options.FrequencyPenalty);
        Write("presence_penalty", options.PresencePenalty);
        if (options.Seed is { } seed)
        {
            json.WriteNumber("seed", seed);
        }

        if (options.MaxOutputTokens is { } most)
        {
            json.WriteNumber("max_completion_tokens", most);
        }

        void Write(string name, float? number)
        {
            if (number is { } given)
            {
                if (!float.IsFinite(given))
                {
                    throw MetaLlmException.BadField(name, FormattableString.Invariant($"is {given}; it must be a finite number."));
                }

                json.WriteNumber(name, given);
            }
        }
    }

    private static void WriteTools(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        json.WriteStartArray("tools");
        for (var i = 0; i < tools.Count; i++)
        {
            if (tools[i] is not AIFunctionDeclaration function)
            {
                throw MetaLlmException.BadField($"Tools[{i}]", $"is a {tools[i].GetType().Name}; every model is given functions alone ({nameof(AIFunctionDeclaration)}).");
            }

            WriteFunction(json, function);
        }

        json.WriteEndArray();
        switch (options.ToolMode)
        {
            case NoneChatToolMode:
                json.WriteString("tool_choice", "none");
                break;
            case RequiredChatToolMode { RequiredFunctionName: { } name }:
                json.WriteStartObject("tool_choice");
                json.WriteString("type", "function");
                json.WriteStartObject("function");
                json.WriteString("name", name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case RequiredChatToolMode:
                json.WriteString("tool_choice", "required");
                break;
            case AutoChatToolMode:
                json.WriteString("tool_choice", "auto");
                break;
        }

        if (options.AllowMultipleToolCalls is { } parallel)
        {
            json.WriteBoolean("parallel_tool_calls", parallel);
        }
    }

    private static void WriteFunction(Utf8JsonWriter json, AIFunctionDeclaration function)
    {
        json.WriteStartObject();
        json.WriteString("type", "function");
        json.WriteStartObject("function");
        json.WriteString("name", function.Name);
        if (function.Description is { Length: > 0 } description)
        {
            json.WriteString("description", description);
        }

        json.WritePropertyName("parameters");
        function.JsonSchema.WriteTo(json);
        if (function.AdditionalProperties.TryGetValue(Strict, out var strict) && strict is bool isStrict)
        {
            json.WriteBoolean("strict", isStrict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteFormat(Utf8JsonWriter json, ChatOptions options)
    {
        if (options.ResponseFormat is not ChatResponseFormatJson format)
        {
            return;
        }

        json.WriteStartObject("response_format");
        json.WriteString("type", format.Schema is null ? "json_object" : "json_schema");
        if (format.Schema is { } schema)
        {
            json.WriteStartObject("json_schema");
            json.WriteString("name", format.SchemaName ?? UnnamedSchema);
            if (format.SchemaDescription is { } description)
            {
                json.WriteString("description", description);
            }

            json.WritePropertyName("schema");
            schema.WriteTo(json);
            if (options.AdditionalProperties is not null && options.AdditionalProperties.TryGetValue(Strict, out bool isStrict))
            {
                json.WriteBoolean("strict", isStrict);
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private static string? Effort(ReasoningEffort? effort) => effort switch
    {
        ReasoningEffort.None => "none",
        ReasoningEffort.Low => "low",
        ReasoningEffort.Medium => "medium",
        ReasoningEffort.High => "high",
        ReasoningEffort.ExtraHigh => "xhigh",
        _ => null,
    };

    private static void WriteRest(Utf8JsonWriter json, ChatOptions options)
    {
        foreach (var (name, value) in options.AdditionalProperties ?? [])
        {
            var field = $"AdditionalProperties['{name}']";
            if (Own.Contains(name))
            {
                throw MetaLlmException.BadField(field, $"is what {nameof(ChatOptions)} has a property of its own for.");
            }

            if (value is RoutingWishes wishes)
            {
                WriteWishes(json, wishes);
            }
            else if (value is not null && name != Strict)
            {
                json.WritePropertyName(name);
                ChatBody.WriteValue(json, value, field);
            }
        }
    }

    private static void WriteWishes(Utf8JsonWriter json, RoutingWishes wishes)
    {
        json.WriteStartObject(MetaLlmProperties.Wishes);
        WriteText("task", wishes.Task);
        WriteText("session", wishes.Session);
        WriteNumber("max_cost_usd", wishes.MaxCostUsd);
        if (wishes.Allow is { } allow)
        {
            json.WriteStartArray("allow");
            foreach (var model in allow)
            {
                json.WriteStringValue(model);
            }

            json.WriteEndArray();
        }

        json.WriteStartObject("dial");
        WriteNumber("quality", wishes.Quality);
        WriteNumber("cost", wishes.Cost);
        WriteNumber("latency", wishes.Latency);
        json.WriteEndObject();
        json.WriteEndObject();

        void WriteText(string name, string? text)
        {
            if (text is not null)
            {
                json.WriteString(name, text);
            }
        }

        void WriteNumber(string name, double? number)
        {
            if (number is { } given)
            {
                if (!double.IsFinite(given))
                {
                    throw MetaLlmException.BadField($"{MetaLlmProperties.Wishes}.{name}", FormattableString.Invariant($"is {given}; it must be a finite number."));
                }

                json.WriteNumber(name, given);
            }
        }
    }
}
