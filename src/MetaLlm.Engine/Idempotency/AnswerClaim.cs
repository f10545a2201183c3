namespace MetaLlm.Engine.Idempotency;

/// <summary>What a call asks of the store before it is made: to be the one that answers a request.</summary>
[GenerateSerializer, Immutable, Alias("metallm.answer-claim")]
public sealed record AnswerClaim
{
    /// <summary>The tenant.</summary>
    [Id(0)]
    public required string Tenant { get; init; }

    /// <summary>A hash of the request's key, 1 to 128 characters.</summary>
    [Id(1)]
    public required string Id { get; init; }

    /// <summary>A hash of the request.</summary>
    [Id(2)]
    public required ReadOnlyMemory<byte> Fingerprint { get; init; }

    /// <summary>The call; no other has the same, 1 to 128 characters.</summary>
    [Id(3)]
    public required string Owner { get; init; }

    /// <summary>Now.</summary>
    [Id(4)]
    public required DateTimeOffset At { get; init; }

    /// <summary>Until when the claim holds, unless it is renewed: a call that is gone claims nothing.</summary>
    [Id(5)]
    public required DateTimeOffset HeldUntil { get; init; }

    /// <summary>What was claimed before this time is kept no more.</summary>
    [Id(6)]
    public required DateTimeOffset Expired { get; init; }

    private bool PrintMembers(System.Text.StringBuilder builder)
    {
        builder.Append("Tenant = ").Append(Tenant).Append(", Owner = ").Append(Owner);
        return true;
    }
}
