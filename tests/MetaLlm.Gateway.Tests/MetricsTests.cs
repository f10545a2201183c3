using System.Diagnostics.Metrics;
using MetaLlm.Gateway.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Gateway.Tests;

public sealed class MetricsTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Meter _meter;
    private readonly MetricsCollector _collector;

    public MetricsTests()
    {
        var factory = _services.GetRequiredService<IMeterFactory>();
        _meter = factory.Create("MetaLlm.Test");
        _collector = new MetricsCollector(factory);
    }

    public void Dispose()
    {
        _collector.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void Counters_gauges_and_histograms_are_written_as_the_format_has_them()
    {
        var counter = _meter.CreateCounter<long>("test.things", description: "Things.\nMany.");
        counter.Add(2, new KeyValuePair<string, object?>("tenant", "a\"b\\c\nd"));
        counter.Add(3, new KeyValuePair<string, object?>("tenant", "a\"b\\c\nd"));
        _meter.CreateUpDownCounter<int>("test.level").Add(-4);
        _meter.CreateObservableGauge("test.now", () => 1.5);
        var histogram = _meter.CreateHistogram("test.wait", "s", "Waiting.", null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.1, 1] });
        histogram.Record(0.1);
        histogram.Record(0.5);
        histogram.Record(7);

        Assert.Equal(
            """
            # HELP test_level test.level
            # TYPE test_level gauge
            test_level -4
            # HELP test_now test.now
            # TYPE test_now gauge
            test_now 1.5
            # HELP test_things_total Things.\nMany.
            # TYPE test_things_total counter
            test_things_total{tenant="a\"b\\c\nd"} 5
            # HELP test_wait_seconds Waiting.
            # TYPE test_wait_seconds histogram
            test_wait_seconds_bucket{le="0.1"} 1
            test_wait_seconds_bucket{le="1"} 2
            test_wait_seconds_bucket{le="+Inf"} 3
            test_wait_seconds_sum 7.6
            test_wait_seconds_count 3

            """,
            PrometheusText.Write(_collector.Collect()));
    }

    [Fact]
    public void A_flood_of_labels_ends_in_one_series()
    {
        var counter = _meter.CreateCounter<long>("test.flood");
        for (var i = 0; i < InstrumentRecorder.MostSeries + 50; i++)
        {
            counter.Add(1, new KeyValuePair<string, object?>("who", i));
        }

        var family = Assert.Single(_collector.Collect());
        Assert.Equal(InstrumentRecorder.MostSeries + 1, family.Series.Count);
        Assert.Equal(50, family.Series.Single(s => s.Labels[0].Key == "overflow").Value);
    }

    [Fact]
    public void Other_peoples_meters_are_left_alone()
    {
        using var other = new Meter("MetaLlm.Test");
        other.CreateCounter<long>("test.other").Add(1);
        _services.GetRequiredService<IMeterFactory>().Create("System.Other").CreateCounter<long>("test.system").Add(1);
        Assert.Empty(_collector.Collect());
    }
}
