using MetaLlm.Gateway.Http;

namespace MetaLlm.Gateway.Tests;

public sealed class ApiJsonTests
{
    [Theory]
    [InlineData(0.1 + 0.2, 0.3)]
    [InlineData(0.00013099999999999999, 0.000131)]
    [InlineData(1e-12, 1e-12)]
    [InlineData(4e-13, 0)]
    [InlineData(1234567.125, 1234567.125)]
    public void Sums_of_money_lose_the_digits_that_no_amount_has(double sum, double expected) => Assert.Equal(expected, ApiJson.Usd(sum));
}
