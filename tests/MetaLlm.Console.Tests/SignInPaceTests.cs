using MetaLlm.TestKit;
using MetaLlm.WebConsole.SignIn;

namespace MetaLlm.WebConsole.Tests;

public sealed class SignInPaceTests
{
    private readonly ManualTimeProvider _time = new();
    private readonly SignInPace _pace;

    public SignInPaceTests() => _pace = new SignInPace(_time);

    [Fact]
    public void An_address_may_fail_ten_times_at_once_and_then_once_in_a_while()
    {
        for (var i = 0; i < SignInPace.Most; i++)
        {
            Assert.Equal(TimeSpan.Zero, _pace.Wait("one"));
            _pace.Failed("one");
        }

        Assert.Equal(SignInPace.Forgotten, _pace.Wait("one"));
        Assert.Equal(TimeSpan.Zero, _pace.Wait("other"));

        _time.Advance(SignInPace.Forgotten);
        Assert.Equal(TimeSpan.Zero, _pace.Wait("one"));
        _pace.Failed("one");
        Assert.Equal(SignInPace.Forgotten, _pace.Wait("one"));
    }
}
