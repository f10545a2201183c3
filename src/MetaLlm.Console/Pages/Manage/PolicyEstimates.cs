using MetaLlm.Core.Bandits;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;
using MetaLlm.Evaluation;
using MetaLlm.Evaluation.Log;
using MetaLlm.Evaluation.Targets;

namespace MetaLlm.WebConsole.Pages.Manage;

/// <summary>Estimates from a tenant's own log what another policy would have earned. One estimate at a time: it keeps a processor busy for seconds.</summary>
/// <param name="engine">Knows how long the log is.</param>
/// <param name="journal">The log; null in a process without a store of its own.</param>
internal sealed class PolicyEstimates(ITenantEngine engine, ITenantJournal? journal = null) : IDisposable
{
    /// <summary>Most decisions that are read for a page.</summary>
    public const long MostDecisions = 20_000;

    private const int Resamples = 200;
    private readonly SemaphoreSlim _one = new(1);

    /// <summary>Estimates.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="policy">The other policy.</param>
    /// <param name="options">Its options.</param>
    /// <param name="priceWeight">Quality per USD; null for the price in force at each decision.</param>
    /// <param name="cancellationToken">Ends the wait, and the reading.</param>
    public async Task<PolicyPreview> EstimateAsync(string tenant, string policy, IReadOnlyDictionary<string, double> options, double? priceWeight, CancellationToken cancellationToken)
    {
        if (journal is null)
        {
            return new PolicyPreview(policy, null, "This process has no store of its own; the console of a silo, or 'metallm ope', reads the log.");
        }

        var descriptor = PolicyRegistry.Find(policy);
        if (descriptor is null || options.Keys.Except(descriptor.Options.Select(option => option.Name)).FirstOrDefault() is { } _)
        {
            return new PolicyPreview(policy, null, descriptor is null ? $"There is no policy '{policy}'." : $"'policyOptions' has a member that '{policy}' does not know; known are {string.Join(", ", descriptor.Options.Select(option => option.Name))}.");
        }

        var report = await Reports.FindAsync(engine, tenant, cancellationToken).ConfigureAwait(false);
        if (report is null or { Decisions: < OffPolicyEvaluator.LeastDecisions } or { Decisions: > MostDecisions })
        {
            return new PolicyPreview(policy, null, FormattableString.Invariant($"The log has {report?.Decisions ?? 0} decisions; {OffPolicyEvaluator.LeastDecisions} to {MostDecisions} are read here, and any number by 'metallm ope'."));
        }

        if ((await journal.ReadHeadsAsync([TenantOwner.Name(tenant, 2)], cancellationToken).ConfigureAwait(false)).Count > 0)
        {
            return new PolicyPreview(policy, null, "The tenant has shards, each with a log of its own; 'metallm ope' reads one of them.");
        }

        await _one.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            var (decisions, events) = await JournalLog.ReadAsync(journal, tenant, cancellationToken).ConfigureAwait(false);
            var log = DecisionLog.Of(decisions, events);
            var target = new TrainedTarget(policy, options, priceWeight);
            return new PolicyPreview(policy, await Task.Run(() => new OffPolicyEvaluator(log, switchAt: null, Resamples).Evaluate(target), cancellationToken).ConfigureAwait(false), null);
        }
        catch (TooFewDecisionsException e)
        {
            return new PolicyPreview(policy, null, e.Message);
        }
        catch (InvalidDataException e)
        {
            return new PolicyPreview(policy, null, $"The log cannot be read from its beginning, which retention may have dropped. {e.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _one.Dispose();
}
