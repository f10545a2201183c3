using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Judging;

/// <summary>What judges do, in numbers.</summary>
internal sealed class JudgeMetrics
{
    private readonly Counter<long> _answers;
    private readonly Counter<long> _verdicts;

    public JudgeMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Engine.Routing.RoutingMetrics.MeterName);
        _answers = meter.CreateCounter<long>(
            "metallm.judge.answers", "{answer}", "Answers that were taken to be judged, by what became of them: judged, spoken where a person was first, silent where no judge said anything, dropped for want of room, or failed.");
        _verdicts = meter.CreateCounter<long>(
            "metallm.judge.verdicts", "{verdict}", "Questions to judges, by what they said: given, unparsed, no_reference, no_room in the purse, or failed.");
    }

    public void Answered(string tenant, string outcome) => _answers.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("outcome", outcome));

    public void Asked(string tenant, string judge, string outcome) => _verdicts.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("judge", judge), new("outcome", outcome));
}
