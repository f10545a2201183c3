using MetaLlm.Core.Sharing;

namespace MetaLlm.Core.Tests.Sharing;

public sealed class SharedPoolTests
{
    private static readonly string[] Models = ["good", "poor", "rare"];

    [Fact]
    public void What_too_few_tenants_gave_is_not_told()
    {
        IReadOnlyList<SharedCell>[] given = [Given(1, 200), Given(2, 200), [.. Given(3, 200).Where(cell => cell.Model != "poor")]];
        Assert.Equal(["good", "rare"], SharedPool.Sum(given, 3).Select(cell => cell.Model).Distinct());
        Assert.Empty(SharedPool.Sum(given, 4));
    }

    [Fact]
    public void Cards_say_what_was_measured_and_by_how_many()
    {
        var cards = SharedPool.Cards(SharedPool.Sum([Given(1, 400), Given(2, 400), Given(3, 400)], 3));
        Assert.Equal(0.9, cards["good"].Quality!.Value, 0.05);
        Assert.Equal(0.2, cards["poor"].Quality!.Value, 0.05);
        Assert.True(cards["good"].ByTask["code"] < cards["good"].Quality - 0.05);
        Assert.Equal((3, 20), (cards["good"].Tenants, cards["good"].Weight));
    }

    [Fact]
    public void Noise_alone_makes_models_no_better_than_others()
    {
        // Three tenants without a reward: what noise leaves of a mean is drawn to that of the others.
        for (var seed = 1UL; seed <= 50; seed++)
        {
            var cards = SharedPool.Cards(SharedPool.Sum([Given(seed, 0), Given(seed + 100, 0), Given(seed + 200, 0)], 3));
            Assert.All(cards.Values, card => Assert.InRange(card.Weight, 1, 12));
            Assert.True(cards.Values.Select(card => card.Quality!.Value).DefaultIfEmpty(0).Max() - cards.Values.Select(card => card.Quality!.Value).DefaultIfEmpty(0).Min() < 0.3);
        }
    }

    [Fact]
    public void Sums_below_zero_are_no_reason_to_believe_anything()
    {
        var cell = new PooledCell("good", "", -3, -5, 2, 3);
        Assert.Equal((0.5, 0), (cell.Mean, cell.Worth));
        Assert.Empty(SharedPool.Cards([cell]));
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
