using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Json;

/// <summary>The client's request as the upstream gets it.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="AddedUsage">Whether a usage count was asked for that the client did not ask for.</param>
internal sealed record RequestBody(ReadOnlyMemory<byte> Bytes, bool AddedUsage)
{
    private static readonly byte[] IncludeUsage = """{"include_usage":true}"""u8.ToArray();

    /// <summary>Sets the upstream's model name, takes our own object out, and asks for a usage count in streams.</summary>
    /// <exception cref="JsonException">The body is no JSON object.</exception>
    public static RequestBody For(ChatCall call)
    {
        var edits = new List<JsonEdit>
        {
            new("model", JsonSerializer.SerializeToUtf8Bytes(call.Model), AddIfMissing: true),
            new("metallm", null),
        };
        var options = call.Stream && call.Endpoint.AskForStreamUsage ? StreamOptionsWithUsage(call.Body) : null;
        if (options is { } value)
        {
            edits.Add(new("stream_options", value, AddIfMissing: true));
        }

        var output = new ArrayBufferWriter<byte>(call.Body.Length + 64);
        JsonSplicer.Edit(call.Body.Span, edits.ToArray(), output);
        return new RequestBody(output.WrittenMemory, options is not null);
    }

    /// <summary>The client's stream options with the usage count switched on; null when it is on already.</summary>
    private static ReadOnlyMemory<byte>? StreamOptionsWithUsage(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        if (!document.RootElement.TryGetProperty("stream_options", out var options) || options.ValueKind != JsonValueKind.Object)
        {
            return IncludeUsage;
        }

        if (options.TryGetProperty("include_usage", out var usage) && usage.ValueKind == JsonValueKind.True)
        {
            return null;
        }

        var raw = JsonSerializer.SerializeToUtf8Bytes(options);
        var output = new ArrayBufferWriter<byte>(raw.Length + 32);
        JsonSplicer.Edit(raw, [new("include_usage", "true"u8.ToArray(), AddIfMissing: true)], output);
        return output.WrittenMemory;
    }
}
