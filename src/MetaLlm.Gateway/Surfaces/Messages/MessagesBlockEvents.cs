using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Messages;

/// <summary>Writes the blocks of a streamed answer as events.</summary>
internal sealed class MessagesBlockEvents(EventWriter events) : IMessagesBlocks
{
    private int _index = -1;

    public void Begin(MessagesBlock kind)
    {
        var block = Start();
        if (kind == MessagesBlock.Text)
        {
            block.WriteString("type", "text");
            block.WriteString("text", string.Empty);
        }
        else
        {
            block.WriteString("type", "thinking");
            block.WriteString("thinking", string.Empty);
            block.WriteString("signature", string.Empty);
        }

        Started(block);
    }

    public void BeginTool(string id, string name)
    {
        var block = Start();
        block.WriteString("type", "tool_use");
        block.WriteString("id", id);
        block.WriteString("name", name);
        block.WriteStartObject("input");
        block.WriteEndObject();
        block.WriteStartObject("caller");
        block.WriteString("type", "direct");
        block.WriteEndObject();
        Started(block);
    }

    public void Add(MessagesBlock kind, JsonElement text)
    {
        var (type, member) = kind switch
        {
            MessagesBlock.Text => ("text_delta", "text"),
            MessagesBlock.Thinking => ("thinking_delta", "thinking"),
            _ => ("input_json_delta", "partial_json"),
        };
        Delta(type, member, text);
    }

    public void Sign(JsonElement signature) => Delta("signature_delta", "signature", signature);

    public void Redacted(JsonElement data)
    {
        var block = Start();
        block.WriteString("type", "redacted_thinking");
        block.Copy("data", data);
        Started(block);
        End(MessagesBlock.None);
    }

    public void End(MessagesBlock kind)
    {
        events.Begin("content_block_stop").WriteNumber("index", _index);
        events.End();
    }

    private Utf8JsonWriter Start()
    {
        var writer = events.Begin("content_block_start");
        writer.WriteNumber("index", ++_index);
        writer.WriteStartObject("content_block");
        return writer;
    }

    private void Started(Utf8JsonWriter block)
    {
        block.WriteEndObject();
        events.End();
    }

    private void Delta(string type, string member, JsonElement text)
    {
        var writer = events.Begin("content_block_delta");
        writer.WriteNumber("index", _index);
        writer.WriteStartObject("delta");
        writer.WriteString("type", type);
        writer.Copy(member, text);
        writer.WriteEndObject();
        events.End();
    }
}
