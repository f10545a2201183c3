using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tests.Sharing;

public sealed class SharedPoolTests
{
    private static readonly string[] Models = ["good", "poor", "rare"];

    [Fact]
    public void What_too_few_tenants_gave_is_neither_told_nor_used()
    {
        IReadOnlyList<SharedCell>[] given = [Given(1, 200), Given(2, 200), [.. Given(3, 200).Where(cell => cell.Model != "poor")]];
        Assert.Equal(["good", "rare"], SharedPool.Sum(given, 3).Select(cell => cell.Model).Distinct());
        Assert.Empty(SharedPool.Sum(given, 4));
        Assert.Equal(["good", "poor"], SharedPool.Cards(given, 2).Keys.Order(StringComparer.Ordinal));
        Assert.DoesNotContain("poor", SharedPool.Cards(given, 3).Keys);
        Assert.Empty(SharedPool.Cards(given, 4));
    }

    [Fact]
    public void Cards_say_how_far_models_are_apart_where_and_by_how_many()
    {
        var cards = SharedPool.Cards([Given(1, 400), Given(2, 400), Given(3, 400)], 3);
        var (good, poor) = (cards["good"], cards["poor"]);
        Assert.Equal(0.7, good.Quality!.Value - poor.Quality!.Value, 0.1);
        Assert.True(good.ByTask["code"] - poor.ByTask["code"] < good.Quality - poor.Quality - 0.02);
        Assert.Equal((3, 20), (good.Tenants, good.Weight));
    }

    [Fact]
    public void A_strict_tenant_makes_no_model_look_worse_than_those_of_a_mild_one()
    {
        // "good" is asked by a strict tenant far more often, "poor" by a mild one; within each tenant "good" is better by .2.
        IReadOnlyList<SharedCell> Of(double level, int good, int poor)
        {
            var tally = new SharedTally(Models, []);
            for (var i = 0; i < good; i++)
            {
                tally.Add("good", null, level + 0.2);
            }

            for (var i = 0; i < poor; i++)
            {
                tally.Add("poor", null, level);
            }

            return tally.Exact();
        }

        IReadOnlyList<SharedCell>[] given = [Of(0.1, 900, 100), Of(0.7, 100, 900), Of(0.4, 300, 300)];
        var sums = SharedPool.Sum(given, 3).ToDictionary(cell => cell.Model, cell => cell.Mean, StringComparer.Ordinal);
        Assert.True(sums["good"] < sums["poor"]);
        var cards = SharedPool.Cards(given, 3);
        Assert.Equal(0.2, cards["good"].Quality!.Value - cards["poor"].Quality!.Value, 0.04);
    }

    [Fact]
    public void A_model_that_is_never_beside_another_has_no_card()
    {
        var (one, other) = (new SharedTally(["a"], []), new SharedTally(["b"], []));
        for (var i = 0; i < 200; i++)
        {
            one.Add("a", null, 1);
            other.Add("b", null, 0);
        }

        Assert.Empty(SharedPool.Cards([one.Exact(), other.Exact(), one.Exact(), other.Exact()], 2));
    }

    [Fact]
    public void Noise_alone_makes_no_model_stand_out()
    {
        // Three tenants without a reward.
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var cards = SharedPool.Cards([Given(seed, 0), Given(seed + 100, 0), Given(seed + 200, 0)], 3);
            var qualities = cards.Values.Select(card => card.Quality!.Value).DefaultIfEmpty(0).ToList();
            Assert.True(qualities.Max() - qualities.Min() < 0.25, $"{string.Join(", ", qualities)}");
        }
    }

    [Fact]
    public void Sums_below_zero_are_no_reason_to_believe_anything()
    {
        var cell = new PooledCell("good", "", -3, -5, 2, 3);
        Assert.Equal((0.5, 0), (cell.Mean, cell.Worth));
        Assert.Empty(SharedPool.Cards([[new SharedCell("good", "", -300, -200, 20_000), new SharedCell("poor", "", -100, -50, 20_000)]], 1));
    }

    private static IReadOnlyList<SharedCell> Given(ulong seed, int rewards)
    {
        var below = Chance.Seeded(seed);
        var tally = new SharedTally(Models, ["code"]);
        for (var i = 0; i < rewards; i++)
        {
            tally.Add("good", null, 1);
            tally.Add("good", "code", below(10) < 8 ? 1 : 0);
            tally.Add("poor", i % 2 == 0 ? "code" : null, below(10) < 2 ? 1 : 0);
        }

        return tally.Release(1000, below);
    }
}
