using System.Text.Json;
using MetaLlm.Providers.Dialects;
using Microsoft.Extensions.AI;

namespace MetaLlm.Providers.ChatClients;

/// <summary>Reads the options of a chat completion request. What has no property of its own goes to the client as an additional one, under its name in the request.</summary>
internal static class ChatClientOptions
{
    private static readonly JsonElement NoParameters = JsonDocument.Parse("{\"type\":\"object\",\"properties\":{}}").RootElement;

    /// <summary>Reads them.</summary>
    /// <param name="request">The request.</param>
    /// <param name="model">The client's name of the model; null for its own.</param>
    public static ChatOptions Read(JsonElement request, string? model)
    {
        var options = new ChatOptions { ModelId = model };
        foreach (var member in request.EnumerateObject().Where(m => m.Value.ValueKind != JsonValueKind.Null && !ChatOnly.IsNeutral(m)))
        {
            Read(options, member);
        }

        // Their choice has no meaning without tools.
        if (options.Tools is null)
        {
            (options.ToolMode, options.AllowMultipleToolCalls) = (null, null);
        }

        return options;
    }

    private static void Read(ChatOptions options, JsonProperty member)
    {
        var value = member.Value;
        switch (member.Name)
        {
            case "model" or "messages" or "stream" or "stream_options":
                break;
            case "temperature":
                options.Temperature = (float)Number(member);
                break;
            case "top_p":
                options.TopP = (float)Number(member);
                break;
            case "top_k":
                options.TopK = (int)Number(member);
                break;
            case "frequency_penalty":
                options.FrequencyPenalty = (float)Number(member);
                break;
            case "presence_penalty":
                options.PresencePenalty = (float)Number(member);
                break;
            case "seed":
                options.Seed = (long)Number(member);
                break;
            case "max_tokens" or "max_completion_tokens":
                options.MaxOutputTokens = Math.Min(options.MaxOutputTokens ?? int.MaxValue, (int)Number(member));
                break;
            case "stop":
                options.StopSequences = value.ValueKind == JsonValueKind.String ? [value.GetString()!] : [.. value.EnumerateArray().Select(s => s.GetString()!)];
                break;
            case "parallel_tool_calls":
                options.AllowMultipleToolCalls = value.GetBoolean();
                break;
            case "tools":
                options.Tools = value.ValueKind != JsonValueKind.Array ? throw Untranslatable.Member(member.Name, "is no list.")
                    : value.GetArrayLength() == 0 ? null : [.. value.EnumerateArray().Select(ReadTool)];
                break;
            case "tool_choice":
                options.ToolMode = ReadChoice(value);
                break;
            case "response_format":
                options.ResponseFormat = ReadFormat(value);
                break;
            case "reasoning_effort" when Effort(value) is { } effort:
                options.Reasoning = new ReasoningOptions { Effort = effort };
                break;
            default:
                (options.AdditionalProperties ??= []).Add(member.Name, value.Clone());
                break;
        }
    }

    private static double Number(JsonProperty member) =>
        member.Value.ValueKind == JsonValueKind.Number && member.Value.TryGetDouble(out var number) && Math.Abs(number) <= int.MaxValue
            ? number : throw Untranslatable.Member(member.Name, "is no number that this model can take.");

    private static AITool ReadTool(JsonElement tool)
    {
        if (!tool.Says("function", out var function) || !function.Says("name", out var name))
        {
            throw Untranslatable.Member("tools", "has a tool that is no function with a name; this model is given functions alone.");
        }

        var description = function.Says("description", out var text) ? text.GetString() : null;
        return AIFunctionFactory.CreateDeclaration(name.GetString()!, description, function.Says("parameters", out var parameters) ? parameters.Clone() : NoParameters);
    }

    private static ChatToolMode ReadChoice(JsonElement choice) =>
        choice.IsText("auto"u8) ? ChatToolMode.Auto
        : choice.IsText("none"u8) ? ChatToolMode.None
        : choice.IsText("required"u8) ? ChatToolMode.RequireAny
        : choice.Says("function", out var function) && function.Says("name", out var name) ? ChatToolMode.RequireSpecific(name.GetString()!)
        : throw Untranslatable.Member("tool_choice", "is none of auto, none, required and a function's name, which this model knows.");

    private static ChatResponseFormat ReadFormat(JsonElement format)
    {
        var type = format.Says("type", out var given) ? given : default;
        return type.IsText("text"u8) ? ChatResponseFormat.Text
            : type.IsText("json_object"u8) ? ChatResponseFormat.Json
            : type.IsText("json_schema"u8) && format.Says("json_schema", out var named) && named.Says("schema", out var schema)
                ? ChatResponseFormat.ForJsonSchema(schema.Clone(), named.Says("name", out var name) ? name.GetString() : null, named.Says("description", out var text) ? text.GetString() : null)
            : throw Untranslatable.Member("response_format", "is none of text, json_object and a json_schema with its schema.");
    }

    private static ReasoningEffort? Effort(JsonElement effort) =>
        effort.IsText("none"u8) ? ReasoningEffort.None
        : effort.IsText("low"u8) || effort.IsText("minimal"u8) ? ReasoningEffort.Low
        : effort.IsText("medium"u8) ? ReasoningEffort.Medium
        : effort.IsText("high"u8) ? ReasoningEffort.High
        : effort.IsText("xhigh"u8) ? ReasoningEffort.ExtraHigh
        : null;
}
