using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Providers.Json;

namespace MetaLlm.Providers.Dialects;

/// <summary>The id and the model name that a native answer bears. One call at a time.</summary>
internal sealed class NativeNames
{
    private readonly JsonEdit[] _edits;

    /// <param name="call">The call; its request is native.</param>
    public NativeNames(ChatCall call) => _edits =
    [
        new("id", JsonSerializer.SerializeToUtf8Bytes(call.Native!.IdPrefix + ChatIds.ToDecision(call.ResponseId)), AddIfMissing: true),
        new("model", JsonSerializer.SerializeToUtf8Bytes(call.ResponseModel), AddIfMissing: true),
    ];

    /// <summary>Writes them into an object; every other byte stays.</summary>
    public ReadOnlyMemory<byte> Write(ReadOnlySpan<byte> json) => Edit(json, _edits);

    /// <summary>Writes them into an object that is a member of another.</summary>
    public ReadOnlyMemory<byte> WriteWithin(ReadOnlySpan<byte> json, string member, ReadOnlySpan<byte> inner) => Edit(json, [new(member, Write(inner))]);

    private static ReadOnlyMemory<byte> Edit(ReadOnlySpan<byte> json, ReadOnlySpan<JsonEdit> edits)
    {
        var output = new ArrayBufferWriter<byte>(json.Length + 256);
        JsonSplicer.Edit(json, edits, output);
        return output.WrittenMemory;
    }
}
