using System.Diagnostics.Metrics;
using MetaLlm.Core.Arms;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Tenants;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Stores;
using Microsoft.Extensions.DependencyInjection;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

public sealed class MeterTests
{
    [Fact]
    public async Task The_meter_counts_feedback_tenants_and_settlements_that_changed_nothing()
    {
        await using var fixture = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());
        var sums = new Dictionary<string, long>();
        using var listener = Listen(fixture.Cluster.Silo.GetRequiredService<IMeterFactory>(), sums);

        await fixture.Engine.ConfigureAsync("acme", TestTenants.Configuration(), default);
        var decision = await fixture.Engine.DecideAsync("acme", TestTenants.Query(), default);
        Assert.Equal(1, Sum("metallm.engine.active_tenants"));
        await fixture.EvictIdleAsync();
        Assert.Equal(0, Sum("metallm.engine.active_tenants"));
        var feedback = new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 1, IdempotencyKey = "k" };
        await fixture.Engine.SubmitFeedbackAsync("acme", [feedback, feedback, feedback with { DecisionId = "unknown" }], default);

        Assert.Equal((1, 1, 1), (
            Sum("metallm.engine.feedback accepted"),
            Sum("metallm.engine.feedback duplicate"),
            Sum("metallm.engine.feedback unknown_decision")));

        var settlement = new Settlement { DecisionId = decision.DecisionId, Outcome = CallOutcome.Cut, Usage = new TokenUsage(100, 0, 20) };
        await fixture.Engine.SettleAsync("acme", settlement, default);
        Assert.Equal(0, Sum("metallm.engine.settlements_dropped cut"));
        await fixture.Engine.SettleAsync("acme", settlement, default);
        Assert.Equal(1, Sum("metallm.engine.settlements_dropped cut"));

        long Sum(string name)
        {
            lock (sums)
            {
                return sums.GetValueOrDefault(name);
            }
        }
    }

    private static MeterListener Listen(IMeterFactory factory, Dictionary<string, long> sums)
    {
        var listener = new MeterListener
        {
            InstrumentPublished = (instrument, self) =>
            {
                if (instrument.Meter.Name == EngineMetrics.MeterName && instrument.Meter.Scope == factory)
                {
                    self.EnableMeasurementEvents(instrument);
                }
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) =>
        {
            lock (sums)
            {
                var key = tags.Length == 0 ? instrument.Name : $"{instrument.Name} {tags[0].Value}";
                sums[key] = sums.GetValueOrDefault(key) + value;
            }
        });
        listener.Start();
        return listener;
    }
}
