using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Judging;

namespace MetaLlm.Chaos.Reporting;

/// <summary>Sums a campaign up, and says which promises were broken.</summary>
internal static class ReportBuilder
{
    /// <summary>Seconds for which a fault may disturb tenants that it did not hit.</summary>
    public const int DisturbedLimit = 5;

    /// <summary>Seconds within which tenants of a host that was killed or froze are answered elsewhere.</summary>
    public const double ResumptionLimit = 5;

    private const int MostFindings = 50;

    /// <summary>Whether tenants that a fault of a kind hits are promised to be answered elsewhere.</summary>
    public static bool MustResume(string kind) => kind == FaultKind.Kill.Name() || kind == FaultKind.Freeze.Name();

    /// <summary>Sums up.</summary>
    public static ChaosReport Build(CampaignResult result)
    {
        var effects = new EffectJudge(result.Load.Operations, result.Load.Errors, result.Faults, result.Calm).Judge();
        List<Finding> findings =
        [
            .. result.Findings,
            .. result.Load.Unexpected.Select(what => new Finding(FindingKind.Unexpected, what)),
            .. result.Faults.Where(fault => fault.Stuck).Select(fault => new Finding(FindingKind.Stuck, $"Fault {fault.Number} ({fault.Kind.Name()}): the host was not ready again in time.")),
        ];
        return new ChaosReport
        {
            Seed = result.Seed,
            Seconds = Math.Round(result.Elapsed.TotalSeconds),
            LeftOut = result.LeftOut.ToDictionary(kind => kind.Key.Name(), kind => kind.Value),
            Decisions = result.Ledgers.Sum(ledger => ledger.Decisions),
            Feedback = result.Ledgers.Sum(ledger => ledger.Feedback),
            Operations = result.Load.Operations.Count,
            Errors = Count(result.Load.Errors.Select(error => error.Label)),
            CalmP99Milliseconds = Math.Round(result.Calm.TotalMilliseconds, 1),
            Kinds = [.. effects.GroupBy(effect => effect.Fault.Kind).OrderBy(kind => kind.Key).Select(Summary)],
            Faults = [.. effects.Select(Line)],
            OwnEnds = result.OwnEnds,
            Memory = result.Memory,
            Counts = Enum.GetValues<FindingKind>().ToDictionary(kind => kind.ToString(), kind => findings.Count(finding => finding.Kind == kind)),
            Broken = [.. Broken(findings, effects)],
            Findings = [.. findings.Take(MostFindings).Select(finding => $"{finding.Kind}: {finding.What}")],
        };
    }

    private static IEnumerable<string> Broken(List<Finding> findings, IReadOnlyList<FaultEffect> effects)
    {
        foreach (var kind in findings.GroupBy(finding => finding.Kind).OrderBy(kind => kind.Key))
        {
            yield return $"{kind.Key}: {kind.Count()} findings.";
        }

        var disturbing = effects.Where(effect => effect.DisturbedSeconds > DisturbedLimit).ToList();
        if (disturbing.Count > 0)
        {
            yield return $"Disturbed: {disturbing.Count} of {effects.Count} faults disturbed other tenants for more than {DisturbedLimit} s.";
        }

        var late = effects.Where(effect => MustResume(effect.Fault.Kind.Name()) && effect.Gap.TotalSeconds > ResumptionLimit).ToList();
        if (late.Count > 0)
        {
            yield return $"Resumption: after {late.Count} kills and freezes a tenant had no answer for more than {ResumptionLimit} s.";
        }
    }

    private static KindSummary Summary(IGrouping<FaultKind, FaultEffect> kind)
    {
        List<double> detection = [.. kind.Where(effect => effect.Fault.Detected is not null).Select(effect => (effect.Fault.Detected!.Value - effect.Fault.Start).TotalSeconds)];
        List<double> gaps = [.. kind.Where(effect => effect.Fault.Victims.Count > 0).Select(effect => effect.Gap.TotalSeconds)];
        List<double> disturbed = [.. kind.Select(effect => (double)effect.DisturbedSeconds)];
        return new KindSummary(
            kind.Key.Name(),
            kind.Count(),
            kind.Key.Silences() ? kind.Count() - detection.Count : 0,
            Median(detection),
            Worst(detection),
            Median(gaps),
            Worst(gaps),
            kind.Sum(effect => effect.JudgedSeconds),
            kind.Sum(effect => effect.DisturbedSeconds),
            kind.Sum(effect => effect.FailedSeconds),
            Median(disturbed) ?? 0,
            kind.Max(effect => effect.DisturbedSeconds),
            kind.Count(effect => effect.DisturbedSeconds > DisturbedLimit),
            kind.SelectMany(effect => effect.Errors).GroupBy(error => error.Key, StringComparer.Ordinal).ToDictionary(error => error.Key, error => error.Sum(e => e.Value), StringComparer.Ordinal));
    }

    private static FaultLine Line(FaultEffect effect) => new(
        effect.Fault.Number,
        effect.Fault.Kind.Name(),
        effect.Fault.Host,
        Seconds(effect.Fault.Start),
        Seconds(effect.Fault.Lifted - effect.Fault.Start),
        Seconds(effect.Fault.Recovered - effect.Fault.Start),
        effect.Fault.Detected is { } detected ? Seconds(detected - effect.Fault.Start) : null,
        Seconds(effect.Gap),
        effect.JudgedSeconds,
        effect.DisturbedSeconds,
        effect.FailedSeconds,
        effect.Absences,
        effect.Disturbances);

    private static Dictionary<string, int> Count(IEnumerable<string> labels) =>
        labels.GroupBy(label => label, StringComparer.Ordinal).OrderByDescending(label => label.Count()).ToDictionary(label => label.Key, label => label.Count(), StringComparer.Ordinal);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds, 2);

    private static double? Worst(List<double> values) => values.Count > 0 ? Math.Round(values.Max(), 2) : null;

    private static double? Median(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        return Math.Round((values[(values.Count - 1) / 2] + values[values.Count / 2]) / 2, 2);
    }
}
