using MetaLlm.Engine.Admission;

namespace MetaLlm.Gateway.Tests.Admission;

public sealed class SlidingWindowTests
{
    [Fact]
    public void What_was_used_leaves_after_a_minute_and_not_before()
    {
        var window = new SlidingWindow();
        window.Add(10.9, 5);
        window.Add(30.2, 7);
        Assert.Equal(12, window.Used(70.9));
        Assert.Equal(7, window.Used(71.0));
        Assert.Equal(0, window.Used(1e9));
    }

    [Fact]
    public void It_says_when_there_is_room()
    {
        var window = new SlidingWindow();
        window.Add(10.5, 5);
        window.Add(30.5, 7);
        Assert.Equal(0, window.Until(40.5, 12));
        Assert.Equal(30.5, window.Until(40.5, 7), 9);
        Assert.Equal(50.5, window.Until(40.5, 6), 9);
        Assert.Equal(50.5, window.Until(40.5, 0), 9);
    }

    [Fact]
    public void What_is_taken_back_leaves_the_second_in_which_it_was_used()
    {
        var window = new SlidingWindow();
        window.Add(10, 100);
        window.Add(15, 20);
        window.Add(15, -90, age: 5);
        Assert.Equal(30, window.Used(15));
        Assert.Equal(20, window.Used(71));
        window.Add(71, -50, age: 61);
        Assert.Equal(20, window.Used(71));
    }

    [Fact]
    public void The_last_minute_is_told_newest_second_first()
    {
        var window = new SlidingWindow();
        window.Add(3, 1);
        window.Add(5, 2);
        Assert.Equal([2.0, 0, 1], window.Recent(5.5).Take(3));
        Assert.Equal(3, window.Recent(5.5).Sum());
    }
}
