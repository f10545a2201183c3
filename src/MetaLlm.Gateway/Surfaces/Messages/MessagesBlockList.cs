using System.Text;
using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Writes the blocks of a whole answer.</summary>
internal sealed class MessagesBlockList(Utf8JsonWriter writer) : IMessagesBlocks
{
    private readonly StringBuilder _text = new();
    private string _signature = string.Empty;

    public void Begin(MessagesBlock kind)
    {
        _text.Clear();
        _signature = string.Empty;
        writer.WriteStartObject();
    }

    public void BeginTool(string id, string name)
    {
        Begin(MessagesBlock.Tool);
        writer.WriteString("type", "tool_use");
        writer.WriteString("id", id);
        writer.WriteString("name", name);
        writer.WriteStartObject("caller");
        writer.WriteString("type", "direct");
        writer.WriteEndObject();
    }

    public void Add(MessagesBlock kind, JsonElement text) => _text.Append(text.GetString());

    public void Sign(JsonElement signature) => _signature = signature.GetString()!;

    public void Redacted(JsonElement data)
    {
        writer.WriteStartObject();
        writer.WriteString("type", "redacted_thinking");
        writer.Copy("data", data);
        writer.WriteEndObject();
    }

    public void End(MessagesBlock kind)
    {
        switch (kind)
        {
            case MessagesBlock.Text:
                writer.WriteString("type", "text");
                writer.WriteString("text", _text.ToString());
                break;
            case MessagesBlock.Thinking:
                writer.WriteString("type", "thinking");
                writer.WriteString("thinking", _text.ToString());
                writer.WriteString("signature", _signature);
                break;
            default:
                WriteInput(_text.ToString());
                break;
        }

        writer.WriteEndObject();
    }

    /// <summary>Arguments are a text that a model wrote, and may be no JSON object; such a text is handed on under a name of its own.</summary>
    private void WriteInput(string arguments)
    {
        writer.WritePropertyName("input");
        if (ToolArguments.IsObject(arguments))
        {
            writer.WriteRawValue(arguments, skipInputValidation: true);
            return;
        }

        writer.WriteStartObject();
        if (arguments.Length > 0)
        {
            writer.WriteString("arguments", arguments);
        }

        writer.WriteEndObject();
    }
}
