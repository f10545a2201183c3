using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Extensions.AI.Tests.Rewards;

public sealed class FeedbackTokensTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
    private readonly EphemeralDataProtectionProvider _protection = new();

    [Fact]
    public void A_token_names_its_decision_until_it_expires()
    {
        var tokens = new FeedbackTokens(_protection, "app", _time);
        var token = tokens.Create("chatcmpl-app_1", TimeSpan.FromMinutes(5));
        Assert.DoesNotContain("app_1", token, StringComparison.Ordinal);
        Assert.Equal(Uri.EscapeDataString(token), token);

        _time.Advance(TimeSpan.FromSeconds(299));
        Assert.True(tokens.TryRead(token, out var decision));
        Assert.Equal("app_1", decision);

        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(tokens.TryRead(token, out decision));
        Assert.Null(decision);
    }

    [Fact]
    public void A_token_belongs_to_one_tenant_and_one_application()
    {
        var token = new FeedbackTokens(_protection, "app", _time).Create("app_1");
        Assert.False(new FeedbackTokens(_protection, "other", _time).TryRead(token, out _));
        Assert.False(new FeedbackTokens(new EphemeralDataProtectionProvider(), "app", _time).TryRead(token, out _));
    }

    [Fact]
    public void No_change_of_a_token_goes_unnoticed()
    {
        var tokens = new FeedbackTokens(_protection, "app", _time);
        var token = tokens.Create("app_1");
        for (var i = 0; i < token.Length - 1; i++)
        {
            var changed = string.Concat(token.AsSpan(0, i), token[i] == 'A' ? "B" : "A", token.AsSpan(i + 1));
            Assert.False(tokens.TryRead(changed, out _), changed);
        }
    }

    [Fact]
    public void What_no_token_can_say_is_refused()
    {
        var tokens = new FeedbackTokens(_protection, "app", _time);
        Assert.Throws<ArgumentException>(() => tokens.Create(""));
        Assert.Throws<ArgumentException>(() => tokens.Create(new string('x', 129)));
        Assert.Throws<ArgumentOutOfRangeException>(() => tokens.Create("d", TimeSpan.Zero));
        Assert.False(tokens.TryRead(null, out _));
    }
}
