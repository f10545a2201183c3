using MetaLlm.Engine.Usage;
using MetaLlm.Evaluation.Money;

namespace MetaLlm.Evaluation.Tests.Money;

public sealed class SpendForecastTests
{
    private static readonly DateTimeOffset Month = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan History = TimeSpan.FromDays(14);

    [Fact]
    public void Even_spend_is_carried_on_to_the_end_without_doubt()
    {
        var now = Month.AddDays(10);
        var forecast = SpendForecast.Of(Hours(Month, 10 * 24, _ => 0.5), now, Month, Month.AddMonths(1), History);
        Assert.Equal((120, 120 + (21 * 24 * 0.5)), (forecast.SpentUsd, forecast.ForecastUsd));
        Assert.Equal(forecast.ForecastUsd, forecast.Low!.Value, 9);
        Assert.Equal(forecast.ForecastUsd, forecast.High!.Value, 9);
    }

    [Fact]
    public void Nights_are_no_doubt_about_days_and_days_are()
    {
        var now = Month.AddDays(10);
        var nights = SpendForecast.Of(Hours(Month, 240, hour => hour % 24 < 8 ? 0 : 0.75), now, Month, Month.AddMonths(1), History);
        Assert.Equal(nights.ForecastUsd, nights.High!.Value, 6);
        var weekends = SpendForecast.Of(Hours(Month, 240, hour => hour / 24 % 7 < 2 ? 0 : 0.75), now, Month, Month.AddMonths(1), History);
        Assert.True(weekends.High > weekends.ForecastUsd + 20 && weekends.Low < weekends.ForecastUsd - 20, $"{weekends}");
        Assert.True(weekends.Low >= weekends.SpentUsd);
    }

    [Fact]
    public void A_window_counts_its_own_hours_and_the_forecast_goes_by_earlier_ones_too()
    {
        var now = Month.AddHours(1.5);
        var forecast = SpendForecast.Of(Hours(Month.AddDays(-5), (5 * 24) + 2, _ => 1), now, Month, Month.AddDays(1), History);
        Assert.Equal(2, forecast.SpentUsd);
        Assert.Equal(2 + 22.5, forecast.ForecastUsd, 9);
        Assert.Equal((5 * 24) + 1, forecast.Hours);
    }

    [Fact]
    public void Little_history_gives_no_interval_and_none_gives_the_rate_of_the_present_hour()
    {
        var two = SpendForecast.Of(Hours(Month, 2, _ => 1), Month.AddHours(2), Month, Month.AddDays(1), History);
        Assert.Equal((24, null, null), (two.ForecastUsd, two.Low, two.High));
        var first = SpendForecast.Of(Hours(Month, 1, _ => 1), Month.AddHours(0.5), Month, Month.AddDays(1), History);
        Assert.Equal((1, 1 + 47, 0), (first.SpentUsd, first.ForecastUsd, first.Hours));
        Assert.Equal(0, SpendForecast.Of([], Month.AddHours(0.5), Month, Month.AddDays(1), History).ForecastUsd);
    }

    private static IEnumerable<UsageSum> Hours(DateTimeOffset begin, int count, Func<int, double> usd) =>
        Enumerable.Range(0, count).Select(hour => new UsageSum { Tenant = "acme", At = begin.AddHours(hour), Group = "m", Requests = 1, SpentUsd = usd(hour) });
}
