using MetaLlm.Engine.Usage;
using MetaLlm.Evaluation.Statistics;

namespace MetaLlm.Evaluation.Money;

/// <summary>What will have been spent when a window of a budget ends.</summary>
/// <param name="End">When the window ends.</param>
/// <param name="SpentUsd">What was spent in it, USD.</param>
/// <param name="ForecastUsd">What will have been spent, USD.</param>
/// <param name="Low">Lower end of the 95 % interval; null where too little is known for one.</param>
/// <param name="High">Upper end; null where too little is known for one.</param>
/// <param name="Hours">Hours that the forecast goes by.</param>
public sealed record SpendForecast(DateTimeOffset End, double SpentUsd, double ForecastUsd, double? Low, double? High, int Hours)
{
    private const double Normal95 = 1.959963984540054;
    private const int HoursOfDay = 24;
    private const int FewestBlocks = 4;

    /// <summary>
    /// Carries on what the hours before the present one spent on average. Hours of a day resemble each other less than days do, so that the interval goes by whole days where there are
    /// four of them, else by hours.
    /// </summary>
    /// <param name="hours">Sums per hour, in any order; those of several groups may share an hour.</param>
    /// <param name="now">The present.</param>
    /// <param name="begin">When the window began.</param>
    /// <param name="end">When it ends, after <paramref name="now"/>.</param>
    /// <param name="history">How far back hours are looked at, at least an hour; nothing earlier than the first hour with a request is.</param>
    public static SpendForecast Of(IEnumerable<UsageSum> hours, DateTimeOffset now, DateTimeOffset begin, DateTimeOffset end, TimeSpan history)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var byHour = hours.GroupBy(sum => Hour(sum.At)).ToDictionary(group => group.Key, group => group.Sum(sum => sum.SpentUsd));
        var spent = byHour.Where(hour => hour.Key >= Hour(begin) && hour.Key <= Hour(now)).Sum(hour => hour.Value);
        var present = Hour(now);
        var first = byHour.Count == 0 ? present : Math.Max(Hour(now - history), byHour.Keys.Min());
        double[] series = [.. Enumerable.Range(0, (int)Math.Max(0, present - first)).Select(i => byHour.GetValueOrDefault(first + i))];
        var left = (end - now).TotalHours;
        if (series.Length == 0)
        {
            // All that is known is the hour that runs.
            var since = Math.Max((now - new DateTimeOffset(present * TimeSpan.TicksPerHour, TimeSpan.Zero)).TotalHours, 1.0 / 60);
            return new SpendForecast(end, spent, spent + (byHour.GetValueOrDefault(present) / since * left), null, null, 0);
        }

        var rate = series.Average();
        var size = series.Length >= FewestBlocks * HoursOfDay ? HoursOfDay : 1;
        double[] blocks = [.. series.Reverse().Chunk(size).Where(block => block.Length == size).Select(block => block.Sum())];
        var forecast = spent + (rate * left);
        if (blocks.Length < FewestBlocks)
        {
            return new SpendForecast(end, spent, forecast, null, null, series.Length);
        }

        // The spread of what is to come, and of the mean that it goes by.
        var (deviation, ahead) = (SampleMoments.Of(blocks).StandardDeviation, left / size);
        var half = Normal95 * deviation * Math.Sqrt(ahead + (ahead * ahead / blocks.Length));
        return new SpendForecast(end, spent, forecast, Math.Max(spent, forecast - half), forecast + half, series.Length);
    }

    private static long Hour(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerHour;
}
