using System.Buffers;
using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>
/// Translates a request of Anthropic's Messages format into a chat completion request. What chat has a word for is translated; what is left to the model, such as
/// <c>top_k</c>, goes on under its own name; what only Anthropic's own servers could do is refused.
/// </summary>
internal static class MessagesRequest
{
    private const int MostOutputTokens = 100_000_000;

    /// <summary>Effort for a budget of thinking, tokens: the most that each word stands for.</summary>
    private const double LowBudget = 4096;
    private const double MediumBudget = 16_384;

    private static readonly SurfaceMembers Members = new()
    {
        Owner = "Anthropic",
        Format = "messages",
        Translated = SurfaceMembers.Names(
            "system", "messages", "tools", "tool_choice", "stop_sequences", "metadata", "output_config",
            "output_format", "service_tier", "stream", "max_tokens", "mcp_servers"),
        Refused = SurfaceMembers.Names("container", "inference_geo", "user_profile_id", "workspace_id"),
        Foreign = SurfaceMembers.Names(
            "stop", "user", "response_format", "reasoning_effort", "stream_options", "parallel_tool_calls",
            "n", "functions", "function_call", "max_completion_tokens"),
    };

    /// <summary>Translates.</summary>
    /// <param name="body">The request.</param>
    /// <param name="output">Receives the chat completion request.</param>
    /// <param name="needsLimit">Whether <c>max_tokens</c> must be there, as in all requests for an answer.</param>
    /// <param name="needs">Takes notes of what only Anthropic's format has.</param>
    /// <exception cref="ApiException">A member is illegal, or has no equal in chat.</exception>
    public static void Write(JsonElement body, IBufferWriter<byte> output, bool needsLimit, NativeNeeds needs)
    {
        var root = new JsonObjectReader(body, string.Empty);
        using var writer = ChatWriter.Open(output);
        writer.WriteStartObject();
        Members.CopyRest(body, writer);

        if (root.List("mcp_servers") is { } servers && servers.GetArrayLength() > 0)
        {
            needs.Add("mcp_servers", "names servers that Anthropic calls; of the models that may serve the request none lies there, and others take it without.");
        }

        WriteLimit(writer, root, needsLimit);
        if (root.Flag("stream"))
        {
            writer.WriteBoolean("stream", true);
            writer.WriteStartObject("stream_options");
            writer.WriteBoolean("include_usage", true);
            writer.WriteEndObject();
        }

        MessagesTurns.Write(writer, root, needs);
        MessagesTools.Write(writer, root, needs);
        writer.Copy("stop", root.List("stop_sequences"));
        if (root.Object("metadata") is { } metadata)
        {
            metadata.RefuseUnknown("user_id");
            writer.Copy("user", metadata.Find("user_id") is null ? null : metadata.RequiredString("user_id"));
        }

        WriteTier(writer, root);
        WriteOutput(writer, root);
        writer.WriteEndObject();
    }

    private static void WriteLimit(Utf8JsonWriter writer, JsonObjectReader root, bool needsLimit)
    {
        if (root.Whole("max_tokens", 1, MostOutputTokens) is { } limit)
        {
            writer.WriteNumber("max_tokens", (long)limit);
        }
        else if (needsLimit)
        {
            throw ApiException.BadField("max_tokens", $"is missing; it must be a whole number from 1 to {MostOutputTokens}.");
        }
    }

    private static void WriteTier(Utf8JsonWriter writer, JsonObjectReader root)
    {
        if (root.Text("service_tier", 64) is { } tier)
        {
            writer.WriteString("service_tier", tier switch
            {
                "auto" => "auto",
                "standard_only" => "default",
                _ => throw ApiException.BadField("service_tier", $"is '{tier}'; it must be one of auto, standard_only."),
            });
        }
    }

    /// <summary>The form of the answer, and how hard the model shall think. The member <c>thinking</c> goes on as it is besides, for models that know it.</summary>
    private static void WriteOutput(Utf8JsonWriter writer, JsonObjectReader root)
    {
        var output = root.Object("output_config");
        output?.RefuseUnknown("effort", "format");
        var effort = output?.Text("effort", 32) switch
        {
            null => Thinking(root),
            "max" => "xhigh",
            "low" or "medium" or "high" or "xhigh" => output.Value.Text("effort", 32),
            { } other => throw ApiException.BadField("output_config.effort", $"is '{other}'; it must be one of low, medium, high, xhigh, max."),
        };
        if (effort is not null)
        {
            writer.WriteString("reasoning_effort", effort);
        }

        if ((output?.Object("format") ?? root.Object("output_format")) is not { } format)
        {
            return;
        }

        var type = format.RequiredText("type", 64);
        if (type != "json_schema")
        {
            throw ApiException.BadField(format.Field("type"), $"is '{type}'; it must be json_schema.");
        }

        writer.WriteStartObject("response_format");
        writer.WriteString("type", "json_schema");
        writer.WriteStartObject("json_schema");
        writer.WriteString("name", "answer");
        writer.WriteBoolean("strict", true);
        writer.Copy("schema", format.RequiredObject("schema").Element);
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string? Thinking(JsonObjectReader root)
    {
        if (root.Object("thinking") is not { } thinking)
        {
            return null;
        }

        var type = thinking.RequiredText("type", 32);
        if (type != "enabled")
        {
            return type == "adaptive" ? "high" : null;
        }

        var budget = thinking.Whole("budget_tokens", 1024, MostOutputTokens)
            ?? throw ApiException.BadField("thinking.budget_tokens", $"is missing; it must be a whole number from 1024 to {MostOutputTokens}.");
        return budget <= LowBudget ? "low" : budget <= MediumBudget ? "medium" : "high";
    }
}
