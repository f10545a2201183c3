using MetaLlm.Engine.Idempotency;

namespace MetaLlm.Storage.Answers;

/// <summary>A row of <c>kept_answers</c>.</summary>
internal sealed class AnswerRow
{
    public required byte[] Fingerprint { get; init; }

    public required string Owner { get; init; }

    public long? Status { get; init; }

    public string? Head { get; init; }

    public byte[]? Body { get; init; }

    /// <summary>Parameters to claim a request with.</summary>
    public static object Of(AnswerClaim claim)
    {
        ArgumentNullException.ThrowIfNull(claim);
        return new
        {
            tenant = claim.Tenant,
            id = claim.Id,
            fingerprint = claim.Fingerprint.ToArray(),
            owner = claim.Owner,
            now = claim.At.UtcTicks,
            heldUntil = claim.HeldUntil.UtcTicks,
            expired = claim.Expired.UtcTicks,
        };
    }

    /// <summary>Parameters to keep an answer with.</summary>
    public static object Of(string tenant, string id, KeptAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new
        {
            tenant,
            id,
            owner = answer.Owner,
            status = (long)(answer.Status ?? throw new ArgumentException("Status is missing; an answer has one.", nameof(answer))),
            head = answer.Head,
            body = answer.Body.ToArray(),
            size = (long)answer.Body.Length,
        };
    }

    /// <summary>What the row says.</summary>
    public KeptAnswer ToAnswer() => new() { Fingerprint = Fingerprint, Owner = Owner, Status = (int?)Status, Head = Head ?? "", Body = Body };
}
