using MetaLlm.Core.Tenancy;
using MetaLlm.Gateway.Screening;
using MetaLlm.Gateway.Surfaces;

namespace MetaLlm.Gateway.Judging;

/// <summary>Keeps what judges need of a call.</summary>
/// <param name="judges">Say whether it is judged, and take it in.</param>
/// <param name="call">What is kept.</param>
internal sealed class JudgedCallWatcher(AnswerJudges judges, JudgedCall call) : ICallWatcher
{
    public bool Reads(SurfaceRequest asked) => JudgedCall.MayJudge(asked);

    public SurfaceRequest Admit(SurfaceRequest asked)
    {
        call.Admit(asked);
        return asked;
    }

    public void Decided(DecisionRecord decision) => judges.Decided(call, decision);

    public void Answers(string model) => call.Model = model;

    public void Add(ReadOnlySpan<byte> part) => call.Add(part);

    public void Offer() => judges.Offer(call);
}
