using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Providers.Objections;

namespace MetaLlm.Providers.Json;

/// <summary>The client's request as the upstream gets it.</summary>
/// <param name="Bytes">The body.</param>
/// <param name="AddedUsage">Whether a usage count was asked for that the client did not ask for.</param>
/// <param name="Adapted">The client's members that were left out or renamed because the model refused them before, or cannot read them.</param>
internal sealed record RequestBody(ReadOnlyMemory<byte> Bytes, bool AddedUsage, IReadOnlyList<string> Adapted)
{
    private static readonly byte[] IncludeUsage = """{"include_usage":true}"""u8.ToArray();

    /// <summary>Whether configuration, earlier objections or foreign reasoning have changed what the client asks for.</summary>
    public bool IsChanged { get; private init; }

    /// <summary>What a dialect is not to ask for besides.</summary>
    public Extras Without { get; private init; }

    /// <summary>
    /// Sets the upstream's model name, takes our own object out, asks for a usage count in streams, and makes the changes that the configuration and earlier
    /// objections of the model call for.
    /// </summary>
    /// <exception cref="JsonException">The body is no JSON object.</exception>
    public static RequestBody For(ChatCall call, Cures cures)
    {
        var edits = new List<JsonEdit>
        {
            new("model", JsonSerializer.SerializeToUtf8Bytes(call.Model), AddIfMissing: true),
            new("metallm", null),
        };
        var asks = call.Stream && call.Endpoint.AskForStreamUsage && !cures.WithoutStreamUsage && !call.Options.DropParameters.Contains("stream_options");
        var options = asks ? StreamOptionsWithUsage(call.Body) : null;
        if (options is { } value)
        {
            edits.Add(new("stream_options", value, AddIfMissing: true));
        }

        var own = edits.Count;
        var adapted = RequestChanges.IsNeeded(call.Options, cures) ? RequestChanges.Add(call, cures, edits) : [];
        if (cures.WithoutExtensions)
        {
            adapted = [.. adapted, .. ChatExtensions.Drop(call.Body, edits)];
        }

        if (call.Withheld != WithheldReasoning.None && ForeignReasoning.Withhold(call, edits))
        {
            adapted = [.. adapted, ForeignReasoning.Member];
        }

        var output = new ArrayBufferWriter<byte>(call.Body.Length + 64);
        JsonSplicer.Edit(call.Body.Span, edits.ToArray(), output);
        return new RequestBody(output.WrittenMemory, options is not null, adapted) { IsChanged = edits.Count > own, Without = cures.Without };
    }

    /// <summary>The members as they are sent, with their values in JSON.</summary>
    public IReadOnlyDictionary<string, string> Members()
    {
        using var document = JsonDocument.Parse(Bytes);
        var members = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var member in document.RootElement.EnumerateObject())
        {
            // Longer ones are messages and tools, which nobody compares.
            var raw = member.Value.GetRawText();
            members[member.Name] = raw.Length <= 256 ? raw : string.Empty;
        }

        return members;
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
