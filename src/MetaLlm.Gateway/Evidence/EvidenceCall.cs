using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Configuration;
using MetaLlm.Gateway.Judging;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Evidence;

/// <summary>A call that other models may be asked too: its texts, in memory alone and no longer than it takes. One caller at a time.</summary>
internal sealed class EvidenceCall(EvidenceBuyer buyer, TenantSettings tenant) : ICallWatcher, IHeldCall
{
    /// <summary>The tenant.</summary>
    public TenantSettings Tenant => tenant;

    /// <summary>The request and the answer that the client got.</summary>
    public JudgedCall Served { get; } = new(tenant);

    /// <summary>Whether others may be asked: the answer is whole and not too long, and the request is among those that may be kept.</summary>
    public bool IsTaken => Served.IsTaken;

    /// <summary>Bytes that it keeps in memory, roughly.</summary>
    public long Bytes => Served.Bytes;

    /// <summary>What is routed by; the embedding of the query is found again by its text.</summary>
    public string Query { get; private set; } = "";

    /// <summary>What a model must be able to do, and how long the request is.</summary>
    public DecisionRequest? Route { get; private set; }

    /// <inheritdoc/>
    public bool Reads(SurfaceRequest asked) => JudgedCall.MayJudge(asked);

    /// <inheritdoc/>
    public SurfaceRequest Admit(SurfaceRequest asked)
    {
        Served.Admit(asked);
        (Query, Route) = (asked.Chat.Query, asked.Chat.Route);
        return asked;
    }

    /// <inheritdoc/>
    public void Decided(DecisionRecord decision) => EvidenceBuyer.Decided(this, decision);

    /// <inheritdoc/>
    public void Answers(string model) => Served.Model = model;

    /// <inheritdoc/>
    public void Add(ReadOnlySpan<byte> part) => Served.Add(part);

    /// <inheritdoc/>
    public void Offer() => buyer.Offer(this);

    /// <summary>The same request, as it is judged when another model has answered it.</summary>
    /// <param name="model">That model.</param>
    public JudgedCall Other(string model)
    {
        var other = new JudgedCall(tenant) { Payload = Served.Payload with { Stream = false }, Expected = Served.Expected, Model = model, MayBeJudged = true };
        other.Take(Served.DecisionId, 1);
        return other;
    }
}
