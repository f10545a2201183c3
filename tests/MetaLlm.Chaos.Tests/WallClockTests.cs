using System.Diagnostics;
using System.Globalization;
using MetaLlm.Chaos.Cluster;

namespace MetaLlm.Chaos.Tests;

public sealed class WallClockTests : IDisposable
{
    private static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    private readonly string _directory = Directory.CreateTempSubdirectory("metallm-clock-").FullName;

    [ClockFact]
    public async Task A_process_lives_a_day_ahead_and_in_the_present_again()
    {
        var clock = new WallClock(await WallClock.CompileAsync(_directory), Path.Combine(_directory, "clock"));
        Assert.InRange(await NowAsync(clock) - DateTimeOffset.UtcNow, -Slack, Slack);
        clock.Shift(TimeSpan.FromDays(1));
        Assert.InRange(await NowAsync(clock) - DateTimeOffset.UtcNow, TimeSpan.FromDays(1) - Slack, TimeSpan.FromDays(1) + Slack);
        clock.Shift(TimeSpan.Zero);
        Assert.InRange(await NowAsync(clock) - DateTimeOffset.UtcNow, -Slack, Slack);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private static async Task<DateTimeOffset> NowAsync(WallClock clock)
    {
        var start = new ProcessStartInfo("date", ["+%s"]) { RedirectStandardOutput = true };
        foreach (var (name, value) in clock.Environment)
        {
            start.Environment[name] = value;
        }

        using var date = Process.Start(start)!;
        var seconds = await date.StandardOutput.ReadToEndAsync();
        await date.WaitForExitAsync();
        return DateTimeOffset.FromUnixTimeSeconds(long.Parse(seconds, CultureInfo.InvariantCulture));
    }
}
