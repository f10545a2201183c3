using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Tests.Support;
using MetaLlm.Engine.Ports;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.Orleans.Tests.Engine;

/// <summary>The same seed and the same calls give the same decisions and the same snapshot bytes as the plainest fold, whatever comes in between.</summary>
public sealed class ParityTests
{
    private const string Tenant = "acme";
    private const int Steps = 200;

    private enum Interruption
    {
        None,
        Crash,
        Restart,
        Eviction,
    }

    [Theory]
    [InlineData(1)]
    [InlineData(20260105)]
    public async Task Grains_decide_and_save_what_the_reference_does(int seed)
    {
        await using var orleans = await OrleansEngineFixture.StartAsync(new InMemoryStoreFixture());

        await CompareAsync(orleans, seed, _ => Interruption.None);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Silos_that_crash_stop_and_forget_at_random_points_decide_and_save_what_the_reference_does(int seed)
    {
        await using var orleans = await OrleansEngineFixture.StartAsync(new SqliteStoreFixture());
        var met = new HashSet<Interruption>();

        await CompareAsync(orleans, seed, step =>
        {
            // Draws of their own: the history is the one that is played without interruptions.
            var interruption = (CounterRandom.Uniform(~(ulong)seed, (ulong)step) * 60) switch
            {
                < 2 => Interruption.Crash,
                < 4 => Interruption.Restart,
                < 8 => Interruption.Eviction,
                _ => Interruption.None,
            };
            met.Add(interruption);
            return interruption;
        });

        Assert.Equal(Enum.GetValues<Interruption>().Length, met.Count);
    }

    private static async Task CompareAsync(OrleansEngineFixture orleans, int seed, Func<int, Interruption> interruptionAt)
    {
        var time = new ManualTimeProvider();
        var reference = new ReferenceEngine(new InMemoryTenantJournal(), orleans.Model, time);
        var expected = await PlayAsync(() => reference, time, (ulong)seed, step =>
        {
            // The fixture makes tenants idle by letting time pass; that is all that anybody may notice of an interruption.
            time.Advance(interruptionAt(step) == Interruption.Eviction ? OrleansEngineFixture.IdleTime : TimeSpan.Zero);
            return ValueTask.CompletedTask;
        });

        var decisions = await PlayAsync(() => orleans.Engine, orleans.Time, (ulong)seed, step => interruptionAt(step) switch
        {
            Interruption.Crash => orleans.CrashAsync(),
            Interruption.Restart => orleans.RestartAsync(),
            Interruption.Eviction => orleans.EvictIdleAsync(),
            _ => ValueTask.CompletedTask,
        });
        await orleans.EvictIdleAsync();
        var snapshot = (await orleans.Snapshots.LoadAsync(Tenant, default))!.Snapshot;

        Assert.InRange(expected.Count, 40, Steps);
        Assert.Contains(expected, decision => decision.ChosenArm != expected[0].ChosenArm);

        // Ids alone are drawn by the owner; the order says which decision is which.
        Assert.Equivalent(expected.Select(Unnamed), decisions.Select(Unnamed), strict: true);
        var report = await reference.DescribeAsync(Tenant, default);
        Assert.Equal((report.EventsApplied, report.Decisions), (snapshot.AppliedSequence, snapshot.DecisionOrdinal));
        Assert.True(snapshot.State.Span.EndsWith(reference.Save(Tenant).Span));
    }

    private static DecisionRecord Unnamed(DecisionRecord decision) => decision with { DecisionId = "" };

    private static async Task<List<DecisionRecord>> PlayAsync(
        Func<ITenantEngine> engine, ManualTimeProvider time, ulong seed, Func<int, ValueTask> interrupt)
    {
        var draws = 0UL;
        var decisions = new List<DecisionRecord>();
        await engine().ConfigureAsync(Tenant, TestTenants.Configuration(seed), default);
        for (var step = 0; step < Steps; step++)
        {
            await interrupt(step);
            time.Advance(TimeSpan.FromSeconds(Draw(10)));
            switch (Draw(8))
            {
                case <= 2:
                    decisions.Add(await engine().DecideAsync(Tenant, TestTenants.Query(step), default));
                    break;
                case <= 4 when decisions.Count > 0:
                    var feedback = new FeedbackSubmission { DecisionId = Pick(), Reward = Draw(5) / 4.0, Weight = (1 + Draw(4)) / 4.0, IdempotencyKey = $"key-{Draw(3)}" };
                    await engine().SubmitFeedbackAsync(Tenant, [feedback], default);

                    // A description holds everything that was acknowledged, so the next decision rests on the same events everywhere.
                    await engine().DescribeAsync(Tenant, default);
                    break;
                case 5 when decisions.Count > 0:
                    await engine().SettleAsync(Tenant, Ended(Pick(), Draw(900)), default);
                    await engine().DescribeAsync(Tenant, default);
                    break;
                case 6 when decisions.Count > 0:
                    await engine().RerouteAsync(Tenant, new Reroute(Pick(), "large", Draw(10) / 100.0, "timeout"), default);
                    await engine().DescribeAsync(Tenant, default);
                    break;
                case 7:
                    await engine().ConfigureAsync(Tenant, TestTenants.Configuration(seed) with { PriceWeight = Draw(4) }, default);
                    break;
            }
        }

        await engine().DescribeAsync(Tenant, default);
        return decisions;

        int Draw(int below) => (int)(CounterRandom.Uniform(seed, draws++) * below);

        string Pick() => decisions[Draw(decisions.Count)].DecisionId;
    }

    private static Settlement Ended(string decisionId, int tokens) => new()
    {
        DecisionId = decisionId,
        Outcome = tokens % 7 == 0 ? CallOutcome.Cut : CallOutcome.Completed,
        Usage = new TokenUsage(100, 0, tokens),
        LatencySeconds = tokens / 100.0,
    };
}
