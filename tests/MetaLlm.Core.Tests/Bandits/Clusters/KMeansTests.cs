using MetaLlm.Core.Bandits;
using MetaLlm.Core.Bandits.Clusters;
using MetaLlm.Core.Numerics;
using MetaLlm.Core.Tests.Support;

namespace MetaLlm.Core.Tests.Bandits.Clusters;

public sealed class KMeansTests
{
    private static readonly ContextBlocks Blocks = new(1, 3, 0, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Separate_groups_become_separate_clusters(bool fitted)
    {
        var vectors = Enumerable.Range(0, 120).Select(i => Unit(i % 3, (ulong)i)).ToArray();
        var map = new ClusterMap(3, 3);
        if (fitted)
        {
            map.Fit(vectors);
        }
        else
        {
            Array.ForEach(vectors, v => map.Observe(v));
        }

        Assert.Equal(3, map.Count);
        var groups = Enumerable.Range(0, 3).Select(g => vectors.Where((_, i) => i % 3 == g).Select(v => map.Nearest(v)).Distinct().ToArray()).ToArray();
        Assert.All(groups, g => Assert.Single(g));
        Assert.Equal(3, groups.SelectMany(g => g).Distinct().Count());
    }

    [Fact]
    public void Few_rows_or_equal_rows_give_few_clusters()
    {
        var few = new ClusterMap(3, 32);
        few.Fit([.. Enumerable.Range(0, 45).Select(i => Unit(i % 3, (ulong)i))]);
        Assert.Equal(2, few.Count);
        var equal = new ClusterMap(3, 32);
        equal.Fit([.. Enumerable.Repeat(new double[] { 1, 0, 0 }, 200)]);
        Assert.Equal(1, equal.Count);
        Assert.Equal(1, equal.Similarity(0, [1, 0, 0]), 1e-12);
    }

    [Fact]
    public void Quality_is_the_softmax_vote_of_the_nearest_clusters()
    {
        var driver = new PolicyDriver("kmeans", Blocks, 1, new() { ["clusters"] = 3, ["voters"] = 2, ["sharpness"] = 2, ["shrink"] = 5 });
        double[][] centroids = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
        double[] reward = [0.9, 0.5, 0.1];
        for (var c = 0; c < 3; c++)
        {
            float[] x = [1, .. centroids[c].Select(v => (float)v)];
            driver.Settle(0, x);
        }

        for (var c = 0; c < 3; c++)
        {
            driver.Reward(0, [1, .. centroids[c].Select(v => (float)v)], reward[c]);
        }

        float[] query = [1, 0.8f, 0.6f, 0];
        var mean = (1.5 + 0.5) / 4;
        var (first, second) = ((0.9 + (5 * mean)) / 6, (0.5 + (5 * mean)) / 6);
        var (w1, w2) = (Math.Exp(2 * 0.8), Math.Exp(2 * 0.6));
        Assert.Equal(((w1 * first) + (w2 * second)) / (w1 + w2), driver.Decide(query).Quality[0], 1e-6);
    }

    [Fact]
    public void Far_queries_and_sharp_votes_still_have_a_voter()
    {
        var driver = new PolicyDriver("kmeans", Blocks, 1, new() { ["sharpness"] = 1000, ["voters"] = 3 });
        driver.Settle(0, [1, 1, 0, 0]);
        driver.Settle(0, [1, 0, 1, 0]);
        driver.Reward(0, [1, 1, 0, 0], 1);
        var near = driver.Decide([1, -0.5f, -1, 0.2f]).Quality[0];
        Assert.InRange(near, 0.7, 0.8);
    }

    private static double[] Unit(int axis, ulong key)
    {
        var v = new double[3];
        for (var j = 0; j < 3; j++)
        {
            v[j] = (j == axis ? 1 : 0) + (0.1 * CounterRandom.Uniform(key, (ulong)j));
        }

        var length = Math.Sqrt(v.Sum(u => u * u));
        return Array.ConvertAll(v, u => u / length);
    }
}
