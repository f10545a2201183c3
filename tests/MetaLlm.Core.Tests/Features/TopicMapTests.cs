using MetaLlm.Core.Features;
using MetaLlm.Core.Numerics;

namespace MetaLlm.Core.Tests.Features;

public sealed class TopicMapTests
{
    [Fact]
    public void Rows_that_lie_apart_fall_into_topics_of_their_own()
    {
        var rows = Rows(200, clusters: 4);
        var topics = TopicMap.Fit(rows, 4)!;
        var owners = rows.Select(r => Largest(topics, r)).ToArray();
        for (var i = 0; i < rows.Length; i++)
        {
            Assert.Equal(owners[i % 4], owners[i]);
        }

        Assert.Equal(4, owners.Distinct().Count());
    }

    [Fact]
    public void Memberships_are_shares()
    {
        var rows = Rows(200, clusters: 7);
        var topics = TopicMap.Fit(rows, 5)!;
        foreach (var row in rows.Append([1e4f, -1e4f, 1e4f]))
        {
            var shares = new float[5];
            topics.Apply(row, shares);
            Assert.All(shares, s => Assert.InRange(s, 0, 1));
            Assert.Equal(1, shares.Sum(), 1e-5);
        }
    }

    [Fact]
    public void Equal_rows_give_equal_bits_and_constants_give_them_back()
    {
        var rows = Rows(100, clusters: 3);
        var topics = TopicMap.Fit(rows, 6)!;
        Assert.Equal(topics.Constants(), TopicMap.Fit(rows, 6)!.Constants());
        Assert.Equal(topics.Constants(), TopicMap.FromConstants(topics.Constants(), 6, 3)!.Constants());
    }

    [Fact]
    public void Too_few_rows_or_rows_that_do_not_vary_give_no_topics()
    {
        Assert.Null(TopicMap.Fit(Rows(19, clusters: 4), 5));
        Assert.Null(TopicMap.Fit([.. Enumerable.Repeat(new[] { 1f, 2f, 3f }, 50)], 5));
        Assert.Null(TopicMap.FromConstants([], 5, 3));
        Assert.Throws<InvalidDataException>(() => TopicMap.FromConstants([1, 2, 3], 5, 3));
    }

    private static int Largest(TopicMap topics, float[] row)
    {
        var shares = new float[topics.Count];
        topics.Apply(row, shares);
        return Array.IndexOf(shares, shares.Max());
    }

    private static float[][] Rows(int count, int clusters) =>
        [.. Enumerable.Range(0, count).Select(i => Enumerable.Range(0, 3)
            .Select(j => (float)((10 * CounterRandom.Uniform((ulong)(i % clusters), (ulong)j)) + (0.2 * CounterRandom.Uniform((ulong)i + 100, (ulong)j))))
            .ToArray())];
}
