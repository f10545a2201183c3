namespace MetaLlm.Engine.Idempotency;

/// <summary>Who answers a request, or has answered it, and how.</summary>
[GenerateSerializer, Immutable, Alias("metallm.kept-answer")]
public sealed record KeptAnswer
{
    /// <summary>A hash of the request.</summary>
    [Id(0)]
    public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>The call.</summary>
    [Id(1)]
    public required string Owner { get; init; }

    /// <summary>HTTP status; null while the call runs.</summary>
    [Id(2)]
    public int? Status { get; init; }

    /// <summary>Headers, a JSON object in which each has its value; empty while the call runs.</summary>
    [Id(3)]
    public string Head { get; init; } = "";

    /// <summary>The body as it was sent, every event of a stream; empty while the call runs.</summary>
    [Id(4)]
    public ReadOnlyMemory<byte> Body { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Owner = ").Append(Owner).Append(", Status = ").Append(Status);
        return true;
    }
}
