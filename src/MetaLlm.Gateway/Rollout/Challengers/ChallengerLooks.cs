using System.Globalization;
using MetaLlm.Engine.Ports;
using MetaLlm.Evaluation.Challenging;
using MetaLlm.Evaluation.Targets;
using MetaLlm.Gateway.Configuration;

namespace MetaLlm.Gateway.Rollout.Challengers;

/// <summary>
/// Looks at the logs of tenants that have a challenger. Each look goes on where the one before ended and reads a bounded part, one look at a time: it keeps a processor busy for seconds. A look holds for
/// as long as the tenant says.
/// </summary>
/// <remarks>Safe for concurrent use. What is kept is a reading of the log, so that a process that starts anew comes to the same.</remarks>
internal sealed class ChallengerLooks(ChallengerMetrics metrics, TimeProvider time, ITenantJournal? journal = null) : IDisposable
{
    /// <summary>Most decisions that a look reads.</summary>
    public const int MostDecisions = 5000;

    /// <summary>How long a look holds that has not come to the end of the log.</summary>
    public static readonly TimeSpan WhileBehind = TimeSpan.FromMinutes(1);

    /// <summary>Most tenants whose readings are kept; the one that was looked at the longest ago begins anew.</summary>
    private const int MostKept = 64;

    private readonly SemaphoreSlim _one = new(1);
    private readonly Dictionary<string, Reading> _kept = new(StringComparer.Ordinal);

    /// <summary>Whether this process can look: it needs a store of its own.</summary>
    public bool CanLook => journal is not null;

    /// <summary>What the last look said, by the gate of now.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <returns>Null where nobody has looked in this process since champion or challenger changed, or there is no challenger.</returns>
    public ChallengerStatus? Last(TenantSettings tenant) => Find(tenant) is { Figures: { } figures } reading ? Status(tenant, reading.LookedAt, figures) : null;

    /// <summary>Whether the last look does not hold any more.</summary>
    /// <param name="tenant">The tenant.</param>
    public bool IsDue(TenantSettings tenant) => CanLook && tenant.Challenger.Policy is not null && (Find(tenant) is not { } reading || IsDue(tenant, reading));

    /// <summary>Looks, where the last look does not hold any more.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellationToken">Ends the wait and the reading, which goes on from there the next time.</param>
    /// <returns>What the log says; null where this process cannot look, or there is no challenger.</returns>
    /// <exception cref="EngineUnavailableException">The log cannot be read at the moment.</exception>
    public async Task<ChallengerStatus?> LookAsync(TenantSettings tenant, CancellationToken cancellationToken)
    {
        if (!IsDue(tenant))
        {
            return Last(tenant);
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Somebody else may have looked meanwhile.
            if (IsDue(tenant))
            {
                await Task.Run(() => ReadAsync(journal!, tenant, cancellationToken), cancellationToken).ConfigureAwait(false);
                metrics.Looked(tenant.Id, Last(tenant)!);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // Where a reading broke off, nobody knows what it has seen.
            lock (_kept)
            {
                _kept.Remove(tenant.Id);
            }

            metrics.Failed(tenant.Id);
            throw;
        }
        finally
        {
            _one.Release();
        }

        return Last(tenant);
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();

    private async Task ReadAsync(ITenantJournal asked, TenantSettings tenant, CancellationToken cancellationToken)
    {
        var reading = Find(tenant) ?? new Reading(Key(tenant), Trial(tenant));
        var now = time.GetUtcNow();
        if (await TrialWalk.ReadAsync(asked, tenant.Id, reading.Trial, MostDecisions, now, cancellationToken).ConfigureAwait(false) is not { } behind)
        {
            // The tenant was deleted and made anew.
            reading = new Reading(Key(tenant), Trial(tenant));
            behind = await TrialWalk.ReadAsync(asked, tenant.Id, reading.Trial, MostDecisions, now, cancellationToken).ConfigureAwait(false) ?? 0;
        }

        lock (_kept)
        {
            (reading.LookedAt, reading.Figures) = (now, reading.Trial.Figures(behind));
            _kept[tenant.Id] = reading;
            if (_kept.Count > MostKept)
            {
                _kept.Remove(_kept.MinBy(kept => kept.Value.LookedAt).Key);
            }
        }
    }

    private bool IsDue(TenantSettings tenant, Reading reading)
    {
        lock (_kept)
        {
            var holds = TimeSpan.FromMinutes(tenant.Challenger.EveryMinutes);
            return time.GetUtcNow() - reading.LookedAt >= (reading.Figures is { Behind: > 0 } && holds > WhileBehind ? WhileBehind : holds);
        }
    }

    private Reading? Find(TenantSettings tenant)
    {
        lock (_kept)
        {
            return tenant.Challenger.Policy is not null && _kept.TryGetValue(tenant.Id, out var reading) && reading.Key == Key(tenant) ? reading : null;
        }
    }

    private static ChallengerStatus Status(TenantSettings tenant, DateTimeOffset at, TrialFigures figures)
    {
        var wanted = tenant.Challenger;
        return new ChallengerStatus(at, figures, new PromotionGate(wanted.Margin, wanted.LeastDecisions, wanted.LeastEffective).Reasons(figures));
    }

    private static ChallengerTrial Trial(TenantSettings tenant)
    {
        var wanted = tenant.Challenger;
        return new ChallengerTrial(
            new TrialTerms
            {
                Champion = () => new TrainedTarget(tenant.Policy, tenant.PolicyOptions, priceWeight: null),
                Challenger = () => new TrainedTarget(wanted.Policy!, wanted.PolicyOptions, priceWeight: null),
                Alpha = wanted.FalsePromotions,
                Wait = TimeSpan.FromHours(wanted.FeedbackHours),
                Since = wanted.SinceTime,
            },
            tenant.Configuration);
    }

    /// <summary>What a reading depends on: with anything else in it the log is read anew.</summary>
    private static string Key(TenantSettings tenant) => string.Create(
        CultureInfo.InvariantCulture,
        $"{tenant.Policy} {Options(tenant.PolicyOptions)} {tenant.Challenger.Policy} {Options(tenant.Challenger.PolicyOptions)} {tenant.Challenger.FalsePromotions:R} {tenant.Challenger.FeedbackHours:R} {tenant.Challenger.SinceTime:O}");

    private static string Options(IReadOnlyDictionary<string, double> options) =>
        string.Join(',', options.OrderBy(option => option.Key, StringComparer.Ordinal).Select(option => string.Create(CultureInfo.InvariantCulture, $"{option.Key}={option.Value:R}")));

    private sealed class Reading(string key, ChallengerTrial trial)
    {
        public string Key { get; } = key;

        public ChallengerTrial Trial { get; } = trial;

        public DateTimeOffset LookedAt { get; set; }

        public TrialFigures? Figures { get; set; }
    }
}
