using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace MetaLlm.FunctionalTests.Telemetry;

public sealed class CardinalityTests
{
    [Fact]
    public void Beyond_the_limit_tenants_share_one_series_and_the_total_stays_right()
    {
        const int Tenants = 2500;
        var prefix = $"many-{Guid.NewGuid():N}-";
        var exporter = new SumExporter("metallm.engine.cost_usd");
        using var provider = Sdk.CreateMeterProviderBuilder()
            .AddMetaLlmInstrumentation()
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();
        var metrics = TestTenants.Metrics();
        for (var i = 0; i < Tenants; i++)
        {
            metrics.RecordSettled($"{prefix}{i}", Settled(1000));
        }

        Assert.True(provider.ForceFlush());
        var own = exporter.Series.Where(s => s.Tenant?.StartsWith(prefix, StringComparison.Ordinal) == true).ToList();
        Assert.InRange(own.Count, 1000, 2000);
        Assert.All(own, s => Assert.Equal(1000, s.Sum));

        // Gateways of other tests may add their cents.
        Assert.Equal((Tenants - own.Count) * 1000, Assert.Single(exporter.Series, s => s.IsOverflow).Sum, 10.0);
    }

    private static SettledEvent Settled(double cost) => new()
    {
        Sequence = 1,
        At = DateTimeOffset.UnixEpoch,
        Decision = DecisionFacts.Of(TestTenants.Decision("acme", 1, 0)),
        Outcome = CallOutcome.Completed,
        Usage = new TokenUsage(1, 0, 1),
        CostUsd = cost,
        LatencySeconds = double.NaN,
    };

    private sealed class SumExporter(string name) : BaseExporter<Metric>
    {
        public List<(string? Tenant, bool IsOverflow, double Sum)> Series { get; } = [];

        public override ExportResult Export(in Batch<Metric> batch)
        {
            foreach (var metric in batch)
            {
                if (metric.Name == name)
                {
                    foreach (ref readonly var point in metric.GetMetricPoints())
                    {
                        Series.Add(Read(point));
                    }
                }
            }

            return ExportResult.Success;
        }

        private static (string? Tenant, bool IsOverflow, double Sum) Read(in MetricPoint point)
        {
            var (tenant, overflow) = ((string?)null, false);
            foreach (var tag in point.Tags)
            {
                (tenant, overflow) = (tag.Key == "tenant" ? (string?)tag.Value : tenant, overflow || tag.Key == "otel.metric.overflow");
            }

            return (tenant, overflow, point.GetSumDouble());
        }
    }
}
