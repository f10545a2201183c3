using System.Diagnostics.Metrics;

namespace MetaLlm.Gateway.Guardrails;

/// <summary>What guardrails have said, in numbers.</summary>
internal sealed class GuardrailMetrics
{
    private readonly Counter<long> _checks;
    private readonly Histogram<double> _seconds;

    public GuardrailMetrics(IMeterFactory factory)
    {
        var meter = factory.Create(Engine.Routing.RoutingMetrics.MeterName);
        _checks = meter.CreateCounter<long>("metallm.guardrail.checks", "{check}", "Looks of guardrails at texts, by what they said: allow, block, replace, or failed.");
        _seconds = meter.CreateHistogram(
            "metallm.guardrail.duration", "s", "Time of a look.", advice: new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] });
    }

    public void Checked(string guardrail, GuardrailStage stage, string verdict, TimeSpan elapsed)
    {
        KeyValuePair<string, object?> name = new("guardrail", guardrail), when = new("stage", stage == GuardrailStage.Request ? "request" : "answer");
        _checks.Add(1, name, when, new("verdict", verdict));
        _seconds.Record(elapsed.TotalSeconds, name, when);
    }
}
