namespace MetaLlm.Simulator.Tests;

public class TokenCounterTests
{
    [Theory]
    [InlineData("", 0)]
    [InlineData("word", 1)]
    [InlineData("seventy seven", 3)]
    [InlineData("12345", 2)]
    [InlineData("a, b.", 4)]
    [InlineData("\U0001F600\U0001F600", 2)]
    public void Tokens_are_counted(string text, int count) => Assert.Equal(count, TokenCounter.Count(text));

    [Theory]
    [InlineData(0, "")]
    [InlineData(2, "One two")]
    [InlineData(99, "One two three.")]
    public void A_text_is_cut_between_tokens(int tokens, string expected) => Assert.Equal(expected, TokenCounter.Truncate("One two three.", tokens));

    [Fact]
    public void A_bill_adds_fresh_cached_and_completion_tokens()
    {
        var price = new ModelPrice(10, 2.5m, 40);
        Assert.Equal(0.0003m + 0.000_05m + 0.002m, price.CostOf(new TokenUsage(50, 20, 50)));
    }
}
