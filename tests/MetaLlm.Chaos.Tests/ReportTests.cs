using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Load;
using MetaLlm.Chaos.Reporting;

namespace MetaLlm.Chaos.Tests;

/// <summary>A report says what was broken, and only that.</summary>
public sealed class ReportTests
{
    private static readonly FaultRecord Kill = new()
    {
        Number = 1,
        Kind = FaultKind.Kill,
        Host = 2,
        Victims = [0],
        Start = TimeSpan.FromSeconds(10),
        Lifted = TimeSpan.FromSeconds(12),
        Recovered = TimeSpan.FromSeconds(20),
        Detected = TimeSpan.FromSeconds(13),
    };

    [Fact]
    public void A_calm_campaign_keeps_every_promise()
    {
        var report = ReportBuilder.Build(Result(Load(1)));
        Assert.True(report.Kept, string.Join('\n', report.Broken));
        var kill = Assert.Single(report.Kinds);
        Assert.Equal(("kill", 1, 0, 3.0), (kill.Kind, kill.Count, kill.Undetected, kill.DetectionWorst));
        Assert.Contains("All promises were kept.", ReportText.Of(report), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(5, true)]
    [InlineData(6, false)]
    public void Disturbing_others_for_more_than_five_seconds_breaks_a_promise(int seconds, bool kept)
    {
        var load = Load(1);
        for (var i = 0; i < seconds; i++)
        {
            load.Add(new ClientError(TimeSpan.FromSeconds(11 + i), TimeSpan.FromSeconds(11 + i), 1, 0, Attempt.Connection));
        }

        Assert.Equal(kept, ReportBuilder.Build(Result(load)).Kept);
    }

    [Fact]
    public void A_finding_breaks_a_promise()
    {
        var report = ReportBuilder.Build(Result(Load(1)) with { Findings = [new Finding(FindingKind.Lost, "Something is gone.")] });
        Assert.Equal("Lost: 1 findings.", Assert.Single(report.Broken));
        Assert.Equal(1, report.Counts["Lost"]);
        Assert.Contains("Lost: Something is gone.", ReportText.Of(report), StringComparison.Ordinal);
    }

    [Fact]
    public void An_answer_that_no_fault_excuses_breaks_a_promise()
    {
        var load = Load(1);
        load.AddUnexpected("A repetition was accepted.");
        Assert.Equal("Unexpected: 1 findings.", Assert.Single(ReportBuilder.Build(Result(load)).Broken));
    }

    [Fact]
    public void A_tenant_of_a_killed_host_without_an_answer_for_too_long_breaks_a_promise() =>
        Assert.StartsWith("Resumption", Assert.Single(ReportBuilder.Build(Result(Load(7))).Broken), StringComparison.Ordinal);

    [Fact]
    public void What_could_not_be_made_is_said()
    {
        var report = ReportBuilder.Build(Result(Load(1)) with { LeftOut = new Dictionary<FaultKind, string> { [FaultKind.Clock] = "there is no clock" } });
        Assert.Contains("left out: clock, since there is no clock", ReportText.Of(report), StringComparison.Ordinal);
    }

    /// <summary>Both tenants are answered every half second, but that tenant 0 gets no answer for a while after the kill.</summary>
    private static LoadRecord Load(int secondsWithout)
    {
        var load = new LoadRecord();
        for (var half = 0; half < 80; half++)
        {
            var end = TimeSpan.FromSeconds(half / 2.0);
            load.Add(Answer(1, end));
            if (end <= Kill.Start || end >= Kill.Start + TimeSpan.FromSeconds(secondsWithout))
            {
                load.Add(Answer(0, end));
            }
        }

        return load;
    }

    private static Operation Answer(int tenant, TimeSpan end) => new(tenant, true, end, end, end + TimeSpan.FromMilliseconds(5), 0, 0);

    private static CampaignResult Result(LoadRecord load) => new()
    {
        Seed = 1,
        Elapsed = TimeSpan.FromSeconds(40),
        LeftOut = new Dictionary<FaultKind, string>(),
        Load = load,
        Ledgers = [new TenantLedger(0), new TenantLedger(1)],
        Faults = [Kill],
        Findings = [],
        Calm = TimeSpan.FromMilliseconds(5),
        OwnEnds = 0,
        Memory = [],
    };
}
