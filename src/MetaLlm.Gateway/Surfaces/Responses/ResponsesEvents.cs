using System.Buffers;
using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces.Responses;

/// <summary>Writes the events of a streamed answer, each with its number.</summary>
internal sealed class ResponsesEvents : IDisposable
{
    private readonly EventWriter _events = new();
    private int _sequence;

    /// <summary>Where events go.</summary>
    public IBufferWriter<byte> Output
    {
        set => _events.Output = value;
    }

    /// <summary>Goes on with numbers from another's.</summary>
    public void GoOnFrom(int sequence) => _sequence = sequence;

    /// <summary>Begins an event.</summary>
    public Utf8JsonWriter Begin(string name)
    {
        var writer = _events.Begin(name);
        writer.WriteNumber("sequence_number", _sequence++);
        return writer;
    }

    /// <summary>Ends it.</summary>
    public void End() => _events.End();

    /// <summary>An item begins, or has all come.</summary>
    public void Item(string name, OutputItem item, bool isWhole)
    {
        var writer = Begin(name);
        writer.WriteNumber("output_index", item.Index);
        writer.WritePropertyName("item");
        item.Write(writer, isWhole);
        End();
    }

    /// <summary>A part of an item begins, or has all come.</summary>
    public void Part(string name, OutputItem item, OutputPart part, bool isWhole)
    {
        var writer = BeginOfPart(name, item);
        writer.WritePropertyName("part");
        item.WritePart(writer, part, isWhole);
        End();
    }

    /// <summary>A piece of a part.</summary>
    public void Delta(string name, OutputItem item, JsonElement text)
    {
        var writer = BeginOfPart(name, item);
        writer.Copy("delta", text);
        WriteLogprobs(writer, name);
        End();
    }

    /// <summary>All of a part's text.</summary>
    public void Done(string name, string member, OutputItem item, string text)
    {
        var writer = BeginOfPart(name, item);
        writer.WriteString(member, text);
        WriteLogprobs(writer, name);
        if (item.Kind == OutputKind.Call)
        {
            writer.WriteString("name", item.Name);
        }

        End();
    }

    public void Dispose() => _events.Dispose();

    private static void WriteLogprobs(Utf8JsonWriter writer, string name)
    {
        if (name.StartsWith("response.output_text.", StringComparison.Ordinal))
        {
            writer.WriteStartArray("logprobs");
            writer.WriteEndArray();
        }
    }

    private Utf8JsonWriter BeginOfPart(string name, OutputItem item)
    {
        var writer = Begin(name);
        writer.WriteString("item_id", item.Id);
        writer.WriteNumber("output_index", item.Index);
        if (item.Kind != OutputKind.Call)
        {
            writer.WriteNumber(item.Kind == OutputKind.Reasoning ? "summary_index" : "content_index", item.Parts.Count - 1);
        }

        return writer;
    }
}
