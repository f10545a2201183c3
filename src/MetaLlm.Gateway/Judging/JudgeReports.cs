using System.Collections.Concurrent;
using MetaLlm.Core.Judging;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Gateway.Judging;

/// <summary>What was measured of the tenants' judges, asked of their owners now and then. Safe for concurrent use.</summary>
internal sealed class JudgeReports(ITenantEngine engine, TimeProvider time)
{
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, (long At, Task<IReadOnlyDictionary<string, JudgeReport>> Reading)> _known = new(StringComparer.Ordinal);

    /// <summary>By judge and version.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<IReadOnlyDictionary<string, JudgeReport>> OfAsync(string tenant, CancellationToken cancellationToken)
    {
        if (!_known.TryGetValue(tenant, out var known) || time.GetElapsedTime(known.At) > Fresh || known.Reading.IsFaulted)
        {
            _known[tenant] = known = (time.GetTimestamp(), ReadAsync(tenant, CancellationToken.None));
        }

        return known.Reading.WaitAsync(cancellationToken);
    }

    /// <summary>By judge and version, as their owner knows them now.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<IReadOnlyDictionary<string, JudgeReport>> ReadAsync(string tenant, CancellationToken cancellationToken)
    {
        var judges = await engine.DescribeJudgesAsync(tenant, cancellationToken).ConfigureAwait(false);
        return judges.ToDictionary(judge => JudgeVerdict.NameOf(judge.Judge, judge.Version), StringComparer.Ordinal);
    }
}
