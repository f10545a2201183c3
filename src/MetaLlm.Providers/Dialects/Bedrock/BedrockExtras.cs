using System.Buffers;
using System.Text.Json;

namespace MetaLlm.Providers.Dialects.Bedrock;

/// <summary>Gathers the members of a request that the model itself reads. The first of a name holds.</summary>
internal sealed class BedrockExtras : IDisposable
{
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Utf8JsonWriter _json;

    public BedrockExtras()
    {
        _json = new Utf8JsonWriter(_output, new JsonWriterOptions { SkipValidation = true });
        _json.WriteStartObject();
    }

    /// <summary>Takes what the client has gathered itself.</summary>
    /// <exception cref="Engine.Ports.ChatProviderException">It is no object.</exception>
    public void Take(JsonElement own)
    {
        if (own.ValueKind is not (JsonValueKind.Object or JsonValueKind.Undefined))
        {
            throw Untranslatable.Member("additionalModelRequestFields", "is no object.");
        }

        foreach (var member in own.ValueKind == JsonValueKind.Object ? own.EnumerateObject().ToArray() : [])
        {
            Add(member.Name, member.Value);
        }
    }

    /// <summary>Adds a member as it came.</summary>
    public void Add(string name, JsonElement value)
    {
        if (_names.Add(name))
        {
            _json.WriteAsIs(name, value);
        }
    }

    /// <summary>Adds members, unless the first of them is there.</summary>
    /// <param name="name">Name of the first.</param>
    /// <param name="write">Writes them.</param>
    public void Add(string name, Action<Utf8JsonWriter> write)
    {
        if (_names.Add(name))
        {
            write(_json);
        }
    }

    /// <summary>Writes the member that holds all of it; nothing where there is nothing.</summary>
    public void Write(Utf8JsonWriter json, string name)
    {
        _json.WriteEndObject();
        _json.Flush();
        if (_output.WrittenCount > "{}".Length)
        {
            json.WritePropertyName(name);
            json.WriteRawValue(_output.WrittenSpan, skipInputValidation: true);
        }
    }

    public void Dispose() => _json.Dispose();
}
