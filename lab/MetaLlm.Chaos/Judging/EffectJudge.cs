using MetaLlm.Chaos.Faults;
using MetaLlm.Chaos.Load;

namespace MetaLlm.Chaos.Judging;

/// <summary>
/// Judges from what clients saw what each fault did. A second is disturbed for a fault when the 99th percentile of the waiting times of tenants that no fault of that second had hit was above the limit, or
/// when more than one in a hundred of their attempts failed. An operation belongs to every second in which it was under way.
/// </summary>
/// <remarks>
/// Tenants of a host that the others must find out about are hit until they are answered elsewhere: from then on whatever disturbs them counts. Where faults overlap, a disturbed second counts for
/// those whose hosts the client had tried in vain, and for each of them where it had tried none of these hosts.
/// </remarks>
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
    private readonly ILookup<int, ClientError> _errors;
    private readonly ILookup<int, Operation> _answers;
    private readonly Dictionary<(FaultRecord Fault, int Tenant), TimeSpan> _hitUntil;

    /// <param name="operations">What was answered.</param>
    /// <param name="errors">What came to nothing.</param>
    /// <param name="faults">What went wrong.</param>
    /// <param name="calm">The 99th percentile while all was calm.</param>
    public EffectJudge(IReadOnlyCollection<Operation> operations, IReadOnlyCollection<ClientError> errors, IReadOnlyList<FaultRecord> faults, TimeSpan calm)
    {
        _limit = calm * CalmTimes;
        _faults = faults;
        _bySecond = operations
            .SelectMany(operation => Enumerable.Range(Second(operation.Start), Second(operation.End) - Second(operation.Start) + 1).Select(second => (second, operation)))
            .ToLookup(item => item.second, item => item.operation);
        _errorsBySecond = errors.ToLookup(error => Second(error.At));
        _errors = errors.ToLookup(error => error.Tenant);
        _answers = operations.OrderBy(operation => operation.End).ToLookup(operation => operation.Tenant);
        _hitUntil = faults.SelectMany(fault => fault.Victims.Select(tenant => (Key: (fault, tenant), Until: HitUntil(fault, tenant)))).ToDictionary(hit => hit.Key, hit => hit.Until);
    }

    /// <summary>Judges every fault, in their order.</summary>
    public IReadOnlyList<FaultEffect> Judge() => [.. _faults.Select(Judge)];

    private static int Second(TimeSpan time) => (int)time.TotalSeconds;

    private static TimeSpan End(FaultRecord fault) => fault.Recovered + Aftermath;

    private static bool Covers(FaultRecord fault, int second) => second >= Second(fault.Start) && second <= Second(End(fault));

    private FaultEffect Judge(FaultRecord fault)
    {
        var (judged, withErrors) = (0, 0);
        var errors = new Dictionary<string, int>(StringComparer.Ordinal);
        var disturbances = new List<string>();
        for (var second = Second(fault.Start); Covers(fault, second); second++)
        {
            var hit = Hit(second);
            List<Operation> others = [.. _bySecond[second].Where(operation => !hit.Contains(operation.Tenant))];
            List<ClientError> failed = [.. _errorsBySecond[second].Where(error => !hit.Contains(error.Tenant))];
            var all = others.Count + failed.Count;
            judged += all > 0 ? 1 : 0;
            failed.RemoveAll(error => !IsOf(fault, second, [error.Host]));
            var isLate = Latency.AreMore(others.Count(operation => operation.Duration > _limit), others.Count);
            if (Latency.AreMore(failed.Count, all))
            {
                withErrors++;
                disturbances.Add(Words.Of(fault, failed[0]));
            }
            else if (isLate)
            {
                others.RemoveAll(operation => operation.Duration <= _limit || !IsOf(fault, second, HostsOf(operation)));
                disturbances.AddRange(others.OrderByDescending(operation => operation.Duration).Take(1).Select(operation => Words.Of(fault, operation, ErrorsOf(operation))));
            }

            foreach (var error in _errorsBySecond[second])
            {
                errors[error.Label] = errors.GetValueOrDefault(error.Label) + 1;
            }
        }

        return new FaultEffect(fault, judged, disturbances, withErrors, [.. fault.Victims.Select(tenant => AbsenceOf(fault, tenant))], errors);
    }

    /// <summary>Tenants that some fault keeps from being answered in a second.</summary>
    private HashSet<int> Hit(int second) =>
        [.. _faults.Where(fault => Covers(fault, second)).SelectMany(fault => fault.Victims.Where(tenant => second <= Second(_hitUntil[(fault, tenant)])))];

    /// <summary>Whether a fault is answerable for what a client saw that had tried some hosts in vain.</summary>
    private bool IsOf(FaultRecord fault, int second, IReadOnlyList<int> hosts) =>
        fault.Host is not { } own || hosts.Contains(own) || !_faults.Any(other => Covers(other, second) && other.Host is { } host && hosts.Contains(host));

    private IReadOnlyList<int> HostsOf(Operation operation) => [.. ErrorsOf(operation).Select(error => error.Host)];

    private IEnumerable<ClientError> ErrorsOf(Operation operation) => _errors[operation.Tenant].Where(error => error.At > operation.Start && error.Start < operation.End);

    /// <summary>The first answer of the owner that a fault cannot have let through before it began; after a fault of the database, the first after it was back.</summary>
    private Operation? FirstAnswer(FaultRecord fault, int tenant) => fault.Kind.HitsDatabase()
        ? First(tenant, answer => answer.End > fault.Lifted)
        : First(tenant, answer => answer.IsChat && answer.LastStart > fault.Start);

    private Operation? First(int tenant, Func<Operation, bool> condition)
    {
        var found = _answers[tenant].FirstOrDefault(condition);
        return found == default ? null : found;
    }

    private TimeSpan HitUntil(FaultRecord fault, int tenant) => fault.Kind.Silences() && FirstAnswer(fault, tenant) is { } first ? first.End : End(fault);

    private Absence AbsenceOf(FaultRecord fault, int tenant)
    {
        var first = FirstAnswer(fault, tenant);
        var until = first?.End ?? End(fault);
        var from = fault.Kind.HitsDatabase() ? fault.Lifted : fault.Start;
        foreach (var other in _faults.Where(other => other.Start > fault.Start && other.Start < until))
        {
            // The next owner was hit too, as far as anybody can tell. One that can be found out costs the time to find it out; nothing helps against the others until they are over.
            var anew = other.Kind.Silences() ? other.Start : End(other);
            from = anew > from ? anew : from;
        }

        List<string> attempts = [.. _errors[tenant].Where(error => error.At > fault.Start && error.Start < until).Select(error => Words.Of(fault, error))];
        if (first is { } answer)
        {
            attempts.Add(Words.Of(fault, answer, []));
        }

        return new Absence(tenant, Words.After(fault, from < until ? from : until), Words.After(fault, until), attempts);
    }
}
