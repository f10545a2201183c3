using System.Buffers;
using System.Text;
using System.Text.Json;

namespace MetaLlm.Gateway.Surfaces;

/// <summary>Writes server-sent events of one line of JSON each. One stream at a time.</summary>
internal sealed class EventWriter : IDisposable
{
    private readonly Utf8JsonWriter _writer = ChatWriter.Open(new ArrayBufferWriter<byte>(1));

    /// <summary>Where events go; set before one is begun.</summary>
    public IBufferWriter<byte> Output { get; set; } = new ArrayBufferWriter<byte>(1);

    /// <summary>Begins an event, and the object that it says, whose member <c>type</c> is its name.</summary>
    public Utf8JsonWriter Begin(string name)
    {
        Output.Write("event: "u8);
        Encoding.ASCII.GetBytes(name, Output);
        Output.Write("\ndata: "u8);
        _writer.Reset(Output);
        _writer.WriteStartObject();
        _writer.WriteString("type", name);
        return _writer;
    }

    /// <summary>Ends the object and the event.</summary>
    public void End()
    {
        _writer.WriteEndObject();
        _writer.Flush();
        Output.Write("\n\n"u8);
    }

    public void Dispose() => _writer.Dispose();
}
