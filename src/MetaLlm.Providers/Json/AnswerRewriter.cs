using System.Buffers;
using System.Text.Json;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Providers.Json;

/// <summary>Gives an answer the id and the model name under which the client knows it. One per call; not safe for concurrent use.</summary>
internal sealed class AnswerRewriter
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly JsonEdit[] _names;
    private readonly JsonEdit[] _namesWithoutUsage;

    public AnswerRewriter(ChatCall call)
    {
        _names =
        [
            new("id", JsonSerializer.SerializeToUtf8Bytes(call.ResponseId), AddIfMissing: true),
            new("model", JsonSerializer.SerializeToUtf8Bytes(call.ResponseModel), AddIfMissing: true),
        ];
        _namesWithoutUsage = [.. _names, new("usage", null)];
    }

    /// <summary>Rewrites one JSON object between two pieces of framing.</summary>
    /// <returns>The whole; valid until the next call.</returns>
    public ReadOnlyMemory<byte> Rewrite(ReadOnlySpan<byte> before, ReadOnlySpan<byte> json, ReadOnlySpan<byte> after, bool dropUsage)
    {
        _output.ResetWrittenCount();
        _output.Write(before);
        JsonSplicer.Edit(json, dropUsage ? _namesWithoutUsage : _names, _output);
        _output.Write(after);
        return _output.WrittenMemory;
    }
}
