using MetaLlm.Core.Bandits;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class TenantStateTests
{
    public static TheoryData<string> Policies => [.. PolicyRegistry.All.Select(p => p.Name)];

    [Theory]
    [MemberData(nameof(Policies))]
    public void The_same_log_gives_the_same_bytes(string policy)
    {
        var log = Run(policy, 120);
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Saving_loading_and_going_on_equals_going_on(string policy)
    {
        var straight = Run(policy, 150);
        var interrupted = Run(policy, 70);
        interrupted.State = interrupted.Reload();
        Continue(interrupted, 70, 150);
        Assert.Equal(straight.Save(), interrupted.Save());
    }

    [Theory]
    [MemberData(nameof(Policies))]
    public void Deciding_changes_nothing(string policy)
    {
        var log = Run(policy, 40);
        var before = log.Save();
        for (ulong i = 0; i < 20; i++)
        {
            log.State.Decide(new DecisionRequest { Features = Log.Query(1000 + i, "new tag") }, log.Clock);
        }

        Assert.Equal(before, log.Save());
    }

    internal static TenantConfiguration Configuration(string policy) => new()
    {
        Arms = [Log.Arm("small", 0.001), Log.Arm("medium", 0.004), Log.Arm("large", 0.02)],
        Policy = policy,
        UsdPerRequest = 0.005,
        Seed = 7,
    };

    private static Log Run(string policy, int decisions)
    {
        var log = new Log(Configuration(policy));
        Continue(log, 0, decisions);
        return log;
    }

    private static void Continue(Log log, int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            var decision = log.Decide(Log.Query((ulong)i, i % 3 == 0 ? null : $"task {i % 5}"));
            log.Clock += TimeSpan.FromSeconds(10);
            log.Settle(decision, decision.ReservedUsd * (0.5 + CounterRandom.Uniform(3, (ulong)i)), 40 + (i % 90));
            if (i % 4 != 0)
            {
                log.Reward(decision, CounterRandom.Uniform(4, (ulong)i));
            }

            if (i % 9 == 5)
            {
                log.Reward(decision, 1, CounterRandom.Uniform(4, (ulong)i));
            }
        }
    }
}
