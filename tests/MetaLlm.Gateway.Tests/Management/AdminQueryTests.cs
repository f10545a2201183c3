using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Gateway.Http;
using MetaLlm.Gateway.Management;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Gateway.Tests.Management;

public sealed class AdminQueryTests
{
    [Theory]
    [InlineData("2027-01-31", "2027-01-31T00:00:00Z")]
    [InlineData("2027-01-31T12:00Z", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31 12:00:00", "2027-01-31T12:00:00Z")]
    [InlineData("2027-01-31T12:00:00.123456789%2B02:00", "2027-01-31T10:00:00.1234568Z")]
    public void A_time_is_a_date_or_a_date_with_a_time(string text, string expected) =>
        Assert.Equal(DateTimeOffset.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), AdminRequest.Time(Request($"?from={text}"), "from"));

    [Theory]
    [InlineData("12:00")]
    [InlineData("")]
    [InlineData("1 Jan 2027")]
    [InlineData("01/02/2027")]
    [InlineData("2027-01")]
    [InlineData("2027-13-01")]
    [InlineData("2027-01-31Z")]
    [InlineData("2027-01-31T")]
    [InlineData("0001-01-01T00:00:00%2B02:00")]
    public void Any_other_text_is_refused(string text) =>
        Assert.Equal("from", Assert.Throws<ApiException>(() => AdminRequest.Time(Request($"?from={text}"), "from")).Error.Param);

    [Theory]
    [InlineData("0001-01-02", "0001-01-01")]
    [InlineData("0001-01-31", "0001-01-01")]
    [InlineData("2027-01-31", "2027-01-01")]
    public async Task A_report_without_its_begin_goes_back_thirty_days_or_to_the_first_of_all(string to, string from)
    {
        var reports = new Recorder();
        await new UsageEndpoint(null!, null!, new FakeTimeProvider(), reports).HandleAsync(Request($"?to={to}"), null, null, to, null, null);
        Assert.Equal(DateTimeOffset.Parse(from + "Z", System.Globalization.CultureInfo.InvariantCulture), reports.Asked!.From);
    }

    [Fact]
    public async Task A_parameter_that_is_given_twice_is_refused()
    {
        var run = ApiEndpoints.ToRequestDelegate((HttpContext _, string? after) => Task.FromResult(Results.Ok()));
        var refusal = await Assert.ThrowsAsync<ApiException>(() => run(Request("?after=1&after=2")));
        Assert.Equal("after", refusal.Error.Param);
        Assert.Contains("2 times", refusal.Message, StringComparison.Ordinal);
    }

    private static DefaultHttpContext Request(string query)
    {
        var context = new DefaultHttpContext();
        context.Request.QueryString = new QueryString(query);
        return context;
    }

    private sealed class Recorder : IUsageReports
    {
        public UsageQuery? Asked { get; private set; }

        public ValueTask<IReadOnlyList<UsageRow>> ReadUsageAsync(UsageQuery query, CancellationToken cancellationToken)
        {
            Asked = query;
            return ValueTask.FromResult<IReadOnlyList<UsageRow>>([]);
        }
    }
}
