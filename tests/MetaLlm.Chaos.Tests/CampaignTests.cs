using MetaLlm.Chaos.Cluster;
using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;
using MetaLlm.Chaos.Reporting;

namespace MetaLlm.Chaos.Tests;

/// <summary>A campaign in little: a fault of each kind that is over soon, on a cluster of three hosts under load.</summary>
/// <remarks>How long a fault disturbs others is for the long form to judge: here other tests and builds take their share of the machine.</remarks>
[Collection(Alone.Name)]
public sealed class CampaignTests
{
    private static readonly FaultKind[] Kinds =
        [FaultKind.Kill, FaultKind.CutDatabase, FaultKind.CutPeers, FaultKind.DatabaseCrash, FaultKind.DiskFull, FaultKind.Clock];

    [ClusterFact]
    public async Task Nothing_acknowledged_is_lost_or_counted_twice_whatever_breaks()
    {
        var options = new CampaignOptions
        {
            Faults = Kinds.Length,
            Kinds = Kinds,
            Rate = 12,
            WarmUp = TimeSpan.FromSeconds(2),
            Calm = TimeSpan.FromSeconds(3),
            Cluster = new ClusterOptions { Tenants = 8 },
        };
        using var progress = new StringWriter();
        var report = await Campaign.RunAsync(options, progress, CancellationToken.None);
        Assert.True(report.Findings.Count == 0, ReportText.Of(report));
        Assert.Equal(Kinds.Select(kind => kind.Name()).Except(report.LeftOut.Keys).Order(), report.Faults.Select(fault => fault.Kind).Order());
        Assert.All(Enum.GetNames<FindingKind>(), kind => Assert.Equal(0, report.Counts[kind]));
        Assert.True(report.Decisions > 0 && report.Feedback > 0, ReportText.Of(report));
    }
}
