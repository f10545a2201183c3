using MetaLlm.Core.Arms;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.TestKit;
using MetaLlm.TestKit.Engines;
using MetaLlm.TestKit.Stores;

namespace MetaLlm.Engine.InProcess.Tests;

/// <summary>Random histories with crashes at random points end in the bytes of the same history without any.</summary>
public sealed class CrashPropertyTests
{
    private const string Tenant = "acme";
    private const int Steps = 60;

    public static TheoryData<ulong> Seeds { get; } = new() { 1, 2, 3, 4, 5, 6, 7, 8 };

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task Interrupted_and_uninterrupted_histories_end_in_the_same_bytes(ulong seed)
    {
        await using var interrupted = new InProcessEngineFixture(new SqliteStoreFixture());
        await using var straight = new InProcessEngineFixture(new InMemoryStoreFixture());

        await RunAsync(interrupted, seed, interrupt: true);
        await RunAsync(straight, seed, interrupt: false);

        var expected = await straight.Engine.DescribeAsync(Tenant, default);
        Assert.InRange(expected.Decisions, 10, Steps);
        Assert.InRange(expected.RewardsApplied, 3, Steps);
        Assert.Equal(expected.StateHash, (await interrupted.Engine.DescribeAsync(Tenant, default)).StateHash);
        await interrupted.CrashAsync();
        Assert.Equal(expected.StateHash, (await interrupted.Engine.DescribeAsync(Tenant, default)).StateHash);
        Assert.Equal(expected.StateHash, await JournalOracle.HashAsync(interrupted, Tenant));
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public async Task What_was_acknowledged_before_a_crash_is_there_after_it_and_the_rest_is_whole_or_absent(ulong seed)
    {
        await using var fixture = new InProcessEngineFixture(new SqliteStoreFixture());
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(), default);
        var engine = fixture.Engine;
        var enough = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var crashAfter = 5 + (int)(CounterRandom.Uniform(seed, 0) * 40);
        var acknowledged = 0;
        var callers = Enumerable.Range(0, 6).Select(caller => Task.Run(async () =>
        {
            var done = new List<(DecisionRecord Decision, bool Rewarded)>();
            for (var i = 0; ; i++)
            {
                DecisionRecord? decision = null;
                try
                {
                    decision = await engine.DecideAsync(Tenant, TestTenants.Query((caller * 1000) + i), default);
                    if (Interlocked.Increment(ref acknowledged) == crashAfter)
                    {
                        enough.SetResult();
                    }

                    var receipts = await engine.SubmitFeedbackAsync(
                        Tenant, [new FeedbackSubmission { DecisionId = decision.DecisionId, Reward = 1, IdempotencyKey = "k" }], default);
                    done.Add((decision, receipts[0].Status == FeedbackStatus.Accepted));
                }
                catch (Exception error) when (error is IOException or ObjectDisposedException)
                {
                    if (decision is not null)
                    {
                        done.Add((decision, false));
                    }

                    return done;
                }
            }
        })).ToArray();

        await enough.Task;
        await fixture.CrashAsync();
        var told = (await Task.WhenAll(callers)).SelectMany(done => done).ToList();

        Assert.True(told.Count >= crashAfter);
        foreach (var (decision, rewarded) in told)
        {
            var stored = await fixture.Engine.FindDecisionAsync(Tenant, decision.DecisionId, default);
            Assert.Equivalent(decision, stored!.Decision, strict: true);
            if (rewarded)
            {
                Assert.Equal((1, 1), (stored.Reward, stored.FeedbackCount));
            }
        }

        Assert.Equal(await JournalOracle.HashAsync(fixture, Tenant), (await fixture.Engine.DescribeAsync(Tenant, default)).StateHash);
    }

    private static async Task RunAsync(InProcessEngineFixture fixture, ulong seed, bool interrupt)
    {
        var draws = 0UL;
        var decisions = new List<string>();
        await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(seed), default);
        for (var step = 0; step < Steps; step++)
        {
            fixture.Time.Advance(TimeSpan.FromSeconds(Draw(30)));
            switch (Draw(12))
            {
                case <= 3:
                    decisions.Add((await fixture.Engine.DecideAsync(Tenant, TestTenants.Query(step), default)).DecisionId);
                    break;
                case <= 5 when decisions.Count > 0:
                    var feedback = new FeedbackSubmission { DecisionId = Pick(), Reward = Draw(5) / 4.0, IdempotencyKey = $"key-{Draw(3)}" };
                    await fixture.Engine.SubmitFeedbackAsync(Tenant, [feedback], default);
                    break;
                case <= 7 when decisions.Count > 0:
                    await fixture.Engine.SettleAsync(Tenant, Ended(Pick(), Draw(900)), default);
                    break;
                case 8 when decisions.Count > 0:
                    await fixture.Engine.RerouteAsync(Tenant, new Reroute(Pick(), "large", Draw(10) / 100.0, "timeout"), default);
                    break;
                case 9:
                    await fixture.Engine.ConfigureAsync(Tenant, TestTenants.Configuration(seed) with { PriceWeight = Draw(4) }, default);
                    break;
                case 10:
                    if (interrupt)
                    {
                        await fixture.CrashAsync();
                    }

                    break;
                default:
                    if (interrupt && Draw(2) == 0)
                    {
                        await fixture.RestartAsync();
                    }
                    else if (interrupt)
                    {
                        await fixture.EvictIdleAsync();
                    }
                    else if (Draw(2) == 1)
                    {
                        fixture.Time.Advance(InProcessEngineFixture.IdleTimeout);
                    }

                    break;
            }
        }

        int Draw(int below) => (int)(CounterRandom.Uniform(seed, draws++) * below);

        string Pick() => decisions[Draw(decisions.Count)];
    }

    private static Settlement Ended(string decisionId, int tokens) => new()
    {
        DecisionId = decisionId,
        Outcome = tokens % 7 == 0 ? CallOutcome.Cut : CallOutcome.Completed,
        Usage = new TokenUsage(100, 0, tokens),
        LatencySeconds = tokens % 5 == 0 ? null : tokens / 100.0,
    };
}
