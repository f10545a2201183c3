using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Screening;

/// <summary>Keeps what it needs of one call, and hands it in when its answer is whole. What it has no use for it leaves out. One caller at a time.</summary>
internal interface ICallWatcher
{
    /// <summary>Whether it reads a request and its answer, which then go as chat whatever format the client speaks.</summary>
    bool Reads(SurfaceRequest asked);

    /// <summary>Takes in a request once guardrails have looked at it.</summary>
    /// <returns>It, or what is asked in its place.</returns>
    SurfaceRequest Admit(SurfaceRequest asked);

    /// <summary>A decision was made.</summary>
    void Decided(DecisionRecord decision)
    {
    }

    /// <summary>A model answers.</summary>
    void Answers(string model)
    {
    }

    /// <summary>Notes a piece of the answer.</summary>
    void Add(ReadOnlySpan<byte> part)
    {
    }

    /// <summary>The answer is whole.</summary>
    void Offer()
    {
    }
}
