using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>
/// Judges from what clients saw what each fault did. A second is disturbed for a fault when tenants that no fault of that second had hit saw
/// an error, or when the 99th percentile of their waiting times was above the limit. An operation belongs to every second in which it was under way.
/// Where faults overlap, a disturbed second counts for each of them.
/// </summary>
internal sealed class EffectJudge
{
    /// <summary>A second is disturbed when clients wait longer than this many times the calm 99th percentile.</summary>
    public const int CalmTimes = 5;

    /// <summary>How long after it has recovered a fault is answerable for what clients see: a host that is back takes tenants over.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(2);

    private readonly TimeSpan _limit;
    private readonly IReadOnlyList<FaultRecord> _faults;
    private readonly ILookup<int, Operation> _bySecond;
    private readonly ILookup<int, ClientError> _errorsBySecond;
    private readonly Dictionary<int, TimeSpan[]> _answers;

    /// <param name="operations">What was answered.</param>
    /// <param name="errors">What came to nothing.</param>
    /// <param name="faults">What went wrong.</param>
    /// <param name="calm">The 99th percentile while all was calm.</param>
    public EffectJudge(IReadOnlyCollection<Operation> operations, IEnumerable<ClientError> errors, IReadOnlyList<FaultRecord> faults, TimeSpan calm)
    {
        _limit = calm * CalmTimes;
        _faults = faults;
        _bySecond = operations
            .SelectMany(operation => Enumerable.Range(Second(operation.Start), Second(operation.End) - Second(operation.Start) + 1).Select(second => (second, operation)))
            .ToLookup(item => item.second, item => item.operation);
        _errorsBySecond = errors.ToLookup(error => Second(error.At));
        _answers = operations.GroupBy(operation => operation.Tenant).ToDictionary(own => own.Key, own => own.Select(operation => operation.End).Order().ToArray());
    }

    /// <summary>Judges every fault, in their order.</summary>
    public IReadOnlyList<FaultEffect> Judge() => [.. _faults.Select(Judge)];

    private static int Second(TimeSpan time) => (int)time.TotalSeconds;

    private static bool Covers(FaultRecord fault, int second) => second >= Second(fault.Start) && second <= Second(fault.Recovered + Aftermath);

    private FaultEffect Judge(FaultRecord fault)
    {
        var (judged, disturbed, withErrors) = (0, 0, 0);
        var errors = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var second = Second(fault.Start); Covers(fault, second); second++)
        {
            var hit = _faults.Where(other => Covers(other, second)).SelectMany(other => other.Victims).ToHashSet();
            List<TimeSpan> waits = [.. _bySecond[second].Where(operation => !hit.Contains(operation.Tenant)).Select(operation => operation.Duration)];
            var failed = _errorsBySecond[second].Any(error => !hit.Contains(error.Tenant));
            judged += waits.Count > 0 || failed ? 1 : 0;
            disturbed += failed || (waits.Count > 0 && Latency.P99(waits) > _limit) ? 1 : 0;
            withErrors += failed ? 1 : 0;
            foreach (var error in _errorsBySecond[second])
            {
                errors[error.Label] = errors.GetValueOrDefault(error.Label) + 1;
            }
        }

        return new FaultEffect(fault, judged, disturbed, withErrors, fault.Victims.Select(tenant => Gap(fault, tenant)).DefaultIfEmpty().Max(), errors);
    }

    private TimeSpan Gap(FaultRecord fault, int tenant)
    {
        var from = fault.Kind.HitsDatabase() ? fault.Lifted : fault.Start;
        var until = fault.Recovered + Aftermath;
        var longest = TimeSpan.Zero;
        var last = from;
        foreach (var answer in _answers.GetValueOrDefault(tenant, []).SkipWhile(answer => answer <= from).TakeWhile(answer => answer < until))
        {
            longest = answer - last > longest ? answer - last : longest;
            last = answer;
            if (fault.Kind.HitsDatabase())
            {
                return longest;
            }
        }

        return until - last > longest ? until - last : longest;
    }
}
