using MetaLlm.Core.Tenancy;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Tenancy;

public sealed class UserWeightTests
{
    private static readonly World World = new(11, [0.001, 0.002, 0.003]);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(3.98)]
    [InlineData(20)]
    public void However_often_a_user_asks_in_a_day_his_decisions_count_less_than_the_bound_together(double most)
    {
        var log = new Log(World.Configuration() with { MaxWeightPerUser = most });
        var weights = Enumerable.Range(0, 500).Select(i => Ask(log, i, 7).UserWeight).ToList();
        Assert.InRange(weights.Sum(), Math.Min(most, weights.Count) * 0.3, most);
        Assert.All(weights.Take((int)(most / 2)), weight => Assert.Equal(1, weight));
        Assert.All(weights, weight => Assert.InRange(weight, double.Epsilon, 1));
        Assert.Equal(1, Ask(log, 501, most < 2 ? 0UL : 8UL).UserWeight);
    }

    [Fact]
    public void A_new_day_begins_anew_and_a_clock_that_goes_back_does_not()
    {
        var log = new Log(World.Configuration() with { MaxWeightPerUser = 4 });
        AskOften(log, 10);
        Assert.True(Ask(log, 1, 7).UserWeight < 0.1);
        log.Clock += TimeSpan.FromDays(1);
        Assert.Equal(1, Ask(log, 2, 7).UserWeight);
        AskOften(log, 10);
        log.Clock -= TimeSpan.FromDays(1);
        Assert.True(Ask(log, 3, 7).UserWeight < 0.1);
    }

    [Fact]
    public void Counts_survive_a_snapshot_and_a_replay_and_are_forgotten_with_the_option()
    {
        var configuration = World.Configuration() with { MaxWeightPerUser = 4 };
        var log = new Log(configuration);
        AskOften(log, 5);
        Assert.Equal(log.Save(), Log.Save(log.Reload()));
        Assert.Equal(log.Save(), Log.Save(log.Replay()));
        var next = log.State.Decide(Request(9), log.Clock).UserWeight;
        Assert.Equal(4.0 / 36, next, 12);
        Assert.Equal(next, log.Reload().Decide(Request(9), log.Clock).UserWeight);
        log.Configure(configuration with { MaxWeightPerUser = null });
        Assert.Equal(1, log.State.Decide(Request(9), log.Clock).UserWeight);
        log.Configure(configuration);
        Assert.Equal(1, log.State.Decide(Request(9), log.Clock).UserWeight);
    }

    [Fact]
    public void Without_the_option_a_user_leaves_no_trace_in_the_state()
    {
        var (one, other) = (new Log(World.Configuration()), new Log(World.Configuration()));
        for (var i = 0; i < 5; i++)
        {
            Ask(one, i, 7);
            Ask(other, i, 0);
        }

        Assert.Equal(one.Save(), other.Save());
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1e7)]
    [InlineData(double.NaN)]
    public void A_bound_out_of_range_is_refused(double most)
    {
        var error = Assert.Single(TenantConfigurationValidator.Validate(World.Configuration() with { MaxWeightPerUser = most }));
        Assert.Equal("MaxWeightPerUser", error.Field);
        Assert.Contains("1 to 1000000", error.Message, StringComparison.Ordinal);
    }

    private static DecisionRequest Request(int query) => new() { Features = World.Query(query), User = 7 };

    private static DecisionRecord Ask(Log log, int query, ulong user) => log.Decide(World.Query(query), r => r with { User = user });

    private static void AskOften(Log log, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Ask(log, i, 7);
        }
    }
}
