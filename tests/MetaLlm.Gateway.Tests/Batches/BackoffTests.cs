using MetaLlm.Engine;

namespace MetaLlm.Gateway.Tests.Batches;

public sealed class BackoffTests
{
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(1), 2, TimeSpan.FromSeconds(10));

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(4, 8)]
    [InlineData(5, 10)]
    [InlineData(int.MaxValue, 10)]
    public void Waits_grow_by_the_factor_up_to_the_longest_one(int failures, int seconds) =>
        Assert.Equal(TimeSpan.FromSeconds(seconds), Pauses.After(failures, draw: 0));

    [Fact]
    public void What_is_asked_for_takes_the_place_of_the_wait_within_the_longest_one()
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Pauses.After(1, 0, TimeSpan.FromSeconds(7)));
        Assert.Equal(TimeSpan.FromSeconds(10), Pauses.After(1, 0, TimeSpan.FromHours(7)));
    }

    [Fact]
    public void Chance_adds_up_to_half_of_the_wait() => Assert.Equal(TimeSpan.FromSeconds(3), Pauses.After(2, draw: 1));
}
