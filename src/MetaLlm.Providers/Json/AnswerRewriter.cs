using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Json;

/// <summary>Gives an answer the id and the model name under which the client knows it. One per call; not safe for concurrent use.</summary>
internal sealed class AnswerRewriter
{
    // Room for what the names add.
    private const int Added = 256;

    private readonly ArrayBufferWriter<byte> _output = new();
    private readonly JsonEdit[] _names;
    private JsonEdit[]? _namesWithoutUsage;

    public AnswerRewriter(ChatCall call)
    {
        _names =
        [
            new("id", JsonSerializer.SerializeToUtf8Bytes(call.ResponseId), AddIfMissing: true),
            new("model", JsonSerializer.SerializeToUtf8Bytes(call.ResponseModel), AddIfMissing: true),
        ];
    }

    /// <summary>Rewrites one JSON object between two pieces of framing.</summary>
    /// <returns>The whole; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Rewrite(ReadOnlySpan<byte> before, ReadOnlySpan<byte> json, ReadOnlySpan<byte> after, bool dropUsage)
    {
        _output.ResetWrittenCount();
        _ = _output.GetSpan(before.Length + json.Length + after.Length + Added);
        _output.Write(before);
        JsonSplicer.Edit(json, dropUsage ? _namesWithoutUsage ??= [.. _names, new("usage", null)] : _names, _output);
        _output.Write(after);
        return _output.WrittenMemory;
    }
}
