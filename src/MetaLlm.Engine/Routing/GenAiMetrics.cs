using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Routing;

/// <summary>Durations and tokens of attempts at models, by OpenTelemetry's conventions for generative AI, so that dashboards made for them fit.</summary>
/// <remarks>Labels are upstreams and the models' names there, never tenants.</remarks>
internal sealed class GenAiMetrics
{
    private static readonly KeyValuePair<string, object?> Input = new("gen_ai.token.type", "input");
    private static readonly KeyValuePair<string, object?> Output = new("gen_ai.token.type", "output");

    // The boundaries that the conventions recommend.
    private static readonly InstrumentAdvice<double> Seconds = new() { HistogramBucketBoundaries = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92] };

    private static readonly InstrumentAdvice<long> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864],
    };

    private readonly Histogram<double> _durations;
    private readonly Histogram<long> _usage;

    public GenAiMetrics(Meter meter)
    {
        _durations = meter.CreateHistogram("gen_ai.client.operation.duration", "s", "Time of an attempt at a model, from its request to the end of its answer.", advice: Seconds);
        _usage = meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of an attempt at a model.", advice: Tokens);
    }

    /// <param name="kind">What was asked for.</param>
    /// <param name="target">Where the attempt went.</param>
    /// <param name="usage">Its tokens.</param>
    /// <param name="elapsed">How long it took.</param>
    /// <param name="error">What went wrong; null for nothing.</param>
    public void Ended(CallKind kind, ArmTarget target, TokenUsage usage, TimeSpan elapsed, string? error)
    {
        KeyValuePair<string, object?> operation = new("gen_ai.operation.name", RoutingActivities.Operation(kind));
        KeyValuePair<string, object?> provider = new("gen_ai.provider.name", target.Endpoint.Name), model = new("gen_ai.request.model", target.Model);
        if (error is null)
        {
            _durations.Record(elapsed.TotalSeconds, operation, provider, model);
        }
        else
        {
            _durations.Record(elapsed.TotalSeconds, [operation, provider, model, new("error.type", error)]);
        }

        if (usage.Input > 0)
        {
            _usage.Record((long)Math.Round(usage.Input), [operation, provider, model, Input]);
        }

        if (usage.Output > 0)
        {
            _usage.Record((long)Math.Round(usage.Output), [operation, provider, model, Output]);
        }
    }
}
