using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Neighbours;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.Neighbours;

public sealed class KnnTests
{
    private const int Dimension = 6;
    private static readonly ContextBlocks Blocks = new(1, 2, 0, 3);

    [Fact]
    public void Quality_is_the_shrunk_mean_of_the_nearest_by_brute_force()
    {
        var driver = new PolicyDriver("knn", Blocks, 2, new() { ["k"] = 7, ["shrink"] = 3 });
        var seen = Enumerable.Range(0, 90).Select(i => (X: PolicyDriver.Context(Dimension, (ulong)i), Arm: i % 2, Reward: (float)CounterRandom.Uniform(3, (ulong)i))).ToArray();
        Array.ForEach(seen, s => driver.Reward(s.Arm, s.X, s.Reward));
        var query = PolicyDriver.Context(Dimension, 500);
        var scores = driver.Decide(query);
        for (var a = 0; a < 2; a++)
        {
            var own = seen.Where(s => s.Arm == a).ToArray();
            var near = own.OrderByDescending(s => Cosine(s.X, query)).Take(7).Sum(s => s.Reward);
            var mean = (own.Sum(s => s.Reward) + 0.5) / (own.Length + 1);
            Assert.Equal((near + (3 * mean)) / 10, scores.Quality[a], 1e-6);
        }
    }

    [Fact]
    public void The_oldest_rewards_give_way_and_warm_rows_stay()
    {
        var memory = new NeighbourMemory(1, 6);
        memory.SetArms([-1]);
        Assert.True(memory.TryKeep([100], [0.1]));
        Assert.True(memory.TryKeep([101], [0.2]));
        Assert.True(memory.TryKeep([102], [0.3]));
        Assert.False(memory.TryKeep([103], [0.4]));
        for (var i = 0; i < 10; i++)
        {
            memory.Add([i], 0, i / 10.0);
        }

        Assert.Equal(6, memory.Count);
        Assert.Equal([100f, 101, 102, 9, 7, 8], Enumerable.Range(0, 6).Select(e => memory.Similarity(e, [1])));
        Assert.False(memory.Replace([3], 0, 0.3, 1));
        Assert.True(memory.Replace([8], 0, 0.8, 1));
        Assert.Equal(1, memory.Rewards(5)[0]);
    }

    [Fact]
    public void State_is_bounded_by_the_memory()
    {
        var driver = new PolicyDriver("knn", Blocks, 3, new() { ["memory"] = 50 });
        var sizes = new List<int>();
        for (var i = 0; i < 200; i++)
        {
            driver.Reward(i % 3, PolicyDriver.Context(Dimension, (ulong)i), 0.5);
            sizes.Add(driver.Save().Length);
        }

        Assert.Single(sizes.Skip(49).Distinct());
        Assert.True(sizes[10] < sizes[49]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    [InlineData(64)]
    public void The_nearest_set_keeps_the_most_similar(int k)
    {
        var set = new NearestSet(k);
        var offered = Enumerable.Range(0, 60).Select(i => (Similarity: (float)CounterRandom.Uniform(1, (ulong)i), Value: (float)i)).ToArray();
        Array.ForEach(offered, o => set.Offer(o.Similarity, o.Value));
        Assert.Equal(Math.Min(k, 60), set.Count);
        Assert.Equal(offered.OrderByDescending(o => o.Similarity).Take(k).Sum(o => o.Value), set.Sum, 1e-3);
    }

    private static double Cosine(float[] a, float[] b) =>
        a.Skip(1).Zip(b.Skip(1), (u, v) => (double)u * v).Sum() / Math.Sqrt(a.Skip(1).Sum(u => (double)u * u) * b.Skip(1).Sum(v => (double)v * v));
}
