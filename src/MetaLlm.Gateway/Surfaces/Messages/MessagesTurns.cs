using System.Text.Json;
using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>
/// The conversation. A turn of the user's becomes one message for each result of a tool, and one for what stands between them; a turn of the assistant's becomes one message with its
/// text, its calls of tools and its reasoning.
/// </summary>
internal static class MessagesTurns
{
    /// <summary>Set before what a failed tool gave, for chat has no other word that it failed.</summary>
    private const string ToolError = "Error: ";

    /// <exception cref="ApiException">A turn is illegal, or holds what chat has no form for.</exception>
    public static void Write(Utf8JsonWriter writer, JsonObjectReader root, NativeNeeds needs)
    {
        if (root.List("messages") is not { } messages || messages.GetArrayLength() == 0)
        {
            throw ApiException.BadField("messages", $"is {(root.Find("messages") is null ? "missing" : "empty")}; it must be a list of at least one message.");
        }

        writer.WriteStartArray("messages");
        if (root.Find("system") is { } system)
        {
            WriteSystem(writer, root, "system", system, needs);
        }

        var index = 0;
        foreach (var element in messages.EnumerateArray())
        {
            var message = new JsonObjectReader(element, $"messages[{index++}]");
            message.RefuseUnknown("role", "content");
            var content = message.Find("content") ?? throw ApiException.BadField(message.Field("content"), "is missing; it must be a text or a list of blocks.");
            switch (message.RequiredText("role", 32))
            {
                case "system":
                    WriteSystem(writer, message, "content", content, needs);
                    break;
                case "user":
                    WriteUser(writer, message, content, needs);
                    break;
                case "assistant":
                    MessagesAssistantTurn.Write(writer, message, content, needs);
                    break;
                case var other:
                    throw ApiException.BadField(message.Field("role"), $"is '{other}'; it must be one of user, assistant, system.");
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteSystem(Utf8JsonWriter writer, JsonObjectReader owner, string name, JsonElement content, NativeNeeds needs)
    {
        if (content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0)
        {
            return;
        }

        writer.WriteStartObject();
        writer.WriteString("role", "system");
        MessagesContent.Write(writer, owner.Field(name), content, MessagesContent.Texts, needs);
        writer.WriteEndObject();
    }

    private static void WriteUser(Utf8JsonWriter writer, JsonObjectReader message, JsonElement content, NativeNeeds needs)
    {
        if (content.ValueKind != JsonValueKind.Array)
        {
            WriteUserMessage(writer, message.Field("content"), content, needs);
            return;
        }

        var blocks = new List<JsonObjectReader>();
        var index = 0;
        foreach (var element in content.EnumerateArray())
        {
            var block = new JsonObjectReader(element, $"{message.Field("content")}[{index++}]");
            if (block.RequiredText("type", 64) != "tool_result")
            {
                blocks.Add(block);
                continue;
            }

            WriteUserMessage(writer, blocks, needs);
            WriteToolResult(writer, block, needs);
        }

        WriteUserMessage(writer, blocks, needs);
        if (index == 0)
        {
            throw ApiException.BadField(message.Field("content"), "is empty; it must be a text or a list of at least one block.");
        }
    }

    private static void WriteUserMessage(Utf8JsonWriter writer, List<JsonObjectReader> blocks, NativeNeeds needs)
    {
        if (blocks.Count > 0)
        {
            writer.WriteStartObject();
            writer.WriteString("role", "user");
            MessagesContent.Write(writer, blocks, MessagesContent.All, needs);
            writer.WriteEndObject();
            blocks.Clear();
        }
    }

    private static void WriteUserMessage(Utf8JsonWriter writer, string field, JsonElement content, NativeNeeds needs)
    {
        writer.WriteStartObject();
        writer.WriteString("role", "user");
        MessagesContent.Write(writer, field, content, MessagesContent.All, needs);
        writer.WriteEndObject();
    }

    private static void WriteToolResult(Utf8JsonWriter writer, JsonObjectReader result, NativeNeeds needs)
    {
        needs.Unknown(result, "type", "tool_use_id", "content", "is_error", "cache_control");
        var prefix = result.Flag("is_error") ? ToolError : null;
        writer.WriteStartObject();
        writer.WriteString("role", "tool");
        writer.Copy("tool_call_id", result.RequiredString("tool_use_id"));
        if (result.Find("content") is { } content && !(content.ValueKind == JsonValueKind.Array && content.GetArrayLength() == 0))
        {
            MessagesContent.Write(writer, result.Field("content"), content, MessagesContent.OfTools, needs, prefix);
        }
        else
        {
            writer.WriteString("content", prefix ?? string.Empty);
        }

        writer.Copy("cache_control", result.Find("cache_control"));
        writer.WriteEndObject();
    }
}
