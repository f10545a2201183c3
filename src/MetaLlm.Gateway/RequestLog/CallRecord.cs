using System.Buffers;
using MetaLlm.Engine.Ports;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Guardrails;

namespace MetaLlm.Gateway.RequestLog;

/// <summary>What is noted of a call while it runs, to be written down after it. One caller at a time.</summary>
internal sealed class CallRecord
{
    /// <summary>Most bytes of an answer that are noted; events have many times the bytes of their texts.</summary>
    private const int MostAnswerBytes = 4 * 1024 * 1024;

    private readonly ArrayBufferWriter<byte> _answer = new();

    /// <summary>The tenant, with what it wants kept.</summary>
    public required TenantSettings Tenant { get; init; }

    /// <summary>When the request came.</summary>
    public required DateTimeOffset At { get; init; }

    /// <summary>Where it went.</summary>
    public required string Path { get; init; }

    /// <summary>The client's id of it; null for none.</summary>
    public required string? RequestId { get; init; }

    /// <summary>The key that it came with, where it is one of the directory; null otherwise.</summary>
    public required string? Key { get; init; }

    /// <summary>What goes to models, or what a guardrail was asked about; null while the request was not read.</summary>
    public ReadOnlyMemory<byte>? Request { get; set; }

    public CallKind Kind { get; set; }

    public bool IsStream { get; set; }

    public string? DecisionId { get; set; }

    /// <summary>The model that answered; null for none.</summary>
    public string? Model { get; set; }

    /// <summary>Texts of an answer that was blocked; null where none was.</summary>
    public IReadOnlyList<GuardedText>? Blocked { get; set; }

    /// <summary>The answer, a chat completion or its events.</summary>
    public ReadOnlyMemory<byte> Answer => _answer.WrittenMemory;

    /// <summary>Whether there was more of the answer than is noted.</summary>
    public bool IsAnswerCut { get; private set; }

    /// <summary>HTTP status of the response.</summary>
    public int Status { get; set; }

    /// <summary>The error that the client was told; null for none.</summary>
    public string? Error { get; set; }

    /// <summary>From the request to the end of its answer.</summary>
    public TimeSpan Elapsed { get; set; }

    /// <summary>Bytes that it keeps in memory, roughly.</summary>
    public long Bytes => 1024 + (Request?.Length ?? 0) + _answer.Capacity + (Blocked?.Sum(text => 2L * text.Text.Length) ?? 0);

    /// <summary>Notes a piece of the answer.</summary>
    public void Add(ReadOnlySpan<byte> part)
    {
        IsAnswerCut |= _answer.WrittenCount + part.Length > MostAnswerBytes;
        if (!IsAnswerCut && Kind != CallKind.Embeddings)
        {
            _answer.Write(part);
        }
    }
}
