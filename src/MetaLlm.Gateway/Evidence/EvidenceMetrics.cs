using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Evidence;

/// <summary>What purses for evidence buy, in numbers.</summary>
internal sealed class EvidenceMetrics
{
    private readonly Counter<long> _answers;
    private readonly Counter<double> _spent;
    private readonly Counter<long> _learned;

    public EvidenceMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Engine.Routing.RoutingMetrics.MeterName);
        _answers = meter.CreateCounter<long>(
            "metallm.evidence.answers", "{answer}", "Answers of models that did not serve, by what became of them: judged, silent where no judge said anything, no_room in the purse, or failed.");
        _spent = meter.CreateCounter<double>("metallm.evidence.spent", "USD", "What such answers have cost.");
        _learned = meter.CreateCounter<long>("metallm.evidence.learned", "{event}", "How often policies have learned from what was bought, by kind: rows or quiz.");
    }

    public void Answered(string tenant, string model, string outcome) =>
        _answers.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("model", model), new("outcome", outcome));

    public void Spent(string tenant, string model, double usd) => _spent.Add(usd, new KeyValuePair<string, object?>("tenant", tenant), new("model", model));

    public void Learned(string tenant, string kind) => _learned.Add(1, new KeyValuePair<string, object?>("tenant", tenant), new("kind", kind));
}
