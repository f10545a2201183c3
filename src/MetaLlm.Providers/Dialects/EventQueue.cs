using System.Buffers;

namespace MetaLlm.Providers.Dialects;

/// <summary>Server-sent events that wait to be handed on. Not safe for concurrent use.</summary>
internal sealed class EventQueue
{
    private readonly ArrayBufferWriter<byte> _output = new(1024);
    private readonly Queue<(int Start, int Length)> _waiting = new();

    /// <summary>Whether none waits.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Adds an event.</summary>
    /// <param name="data">Its data, one line.</param>
    public void Add(ReadOnlySpan<byte> data)
    {
        var start = Begin();
        _output.Write("data: "u8);
        _output.Write(data);
        _output.Write("\n\n"u8);
        _waiting.Enqueue((start, _output.WrittenCount - start));
    }

    /// <summary>Adds a comment, which is a sign of life.</summary>
    public void AddComment()
    {
        var start = Begin();
        _output.Write(":\n\n"u8);
        _waiting.Enqueue((start, _output.WrittenCount - start));
    }

    /// <summary>Takes the first event; valid until one is added after all have been taken.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var (start, length) = _waiting.Dequeue();
        return _output.WrittenMemory.Slice(start, length);
    }

    private int Begin()
    {
        if (IsEmpty)
        {
            _output.ResetWrittenCount();
        }

        return _output.WrittenCount;
    }
}
