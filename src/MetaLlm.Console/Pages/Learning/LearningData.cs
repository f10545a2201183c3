using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Usage;
using MetaLlm.Evaluation.Learning;

namespace MetaLlm.WebConsole.Pages.Learning;

/// <summary>What the page and the report show of what a tenant's router has learned.</summary>
/// <param name="Report">What the newest decisions say.</param>
/// <param name="IsWhole">Whether the journal holds no earlier ones.</param>
/// <param name="Curve">Sums by day and model.</param>
/// <param name="IsCurrent">Whether the sums hold the whole journal.</param>
public sealed record LearningData(LearningReport Report, bool IsWhole, IReadOnlyList<UsageSum> Curve, bool IsCurrent)
{
    /// <summary>Reads all of it.</summary>
    /// <param name="journal">The journal.</param>
    /// <param name="sums">The sums.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="from">Since when the curve is drawn.</param>
    /// <param name="to">Until when.</param>
    /// <param name="sample">How many of the newest decisions to look at.</param>
    /// <param name="patience">How long to wait for sums; null for as long as it takes.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<LearningData> ReadAsync(
        ITenantJournal journal, IUsageSums sums, string tenant, DateTimeOffset from, DateTimeOffset to, int sample, TimeSpan? patience, CancellationToken cancellationToken)
    {
        var curve = await sums.ReadSumsAsync(
            new UsageSumQuery { Tenant = tenant, From = from, To = to, Bucket = to - from > TimeSpan.FromDays(3) ? UsageBucket.Day : UsageBucket.Hour, Patience = patience },
            cancellationToken).ConfigureAwait(false);
        var newest = await DecisionSample.ReadNewestAsync(journal, tenant, sample, cancellationToken).ConfigureAwait(false);
        return new LearningData(LearningReport.Of(newest), newest.IsWhole, curve.Rows, curve.IsCurrent);
    }
}
