using MetaLlm.Core.Bandits;
using MetaLlm.Core.Evidence;

namespace MetaLlm.Core.Tenancy;

public sealed partial class TenantState
{
    private string _warmStart = "";
    private int _warmStartRows;

    /// <summary>Digest of the warm start that the policy rests on; null without one. A change that restarts the policy forgets it.</summary>
    public string? WarmStartDigest => _warmStart.Length == 0 ? null : _warmStart;

    /// <summary>Rows of the warm start or the evidence that the policy rests on; 0 without one.</summary>
    public int WarmStartRows => WarmStartDigest is null ? 0 : _warmStartRows;

    /// <summary>
    /// Learns from queries whose outcome is known for every arm: fits the tenant's own feature map, the policy, and the shadow price
    /// that the budget asks for. The result is part of the snapshot.
    /// </summary>
    /// <param name="rows">The queries, outcomes in the order of the configuration's arms; an empty list changes nothing.</param>
    /// <exception cref="InvalidOperationException">There is no configuration yet, or a decision was made already.</exception>
    /// <exception cref="ArgumentException">A row does not fit the arms or holds a number out of range; nothing was changed.</exception>
    public void WarmStart(IReadOnlyList<WarmStartQuery> rows)
    {
        ArgumentNullException.ThrowIfNull(rows);
        var configuration = Configured();
        if (DecisionOrdinal > 0 || _rewardsApplied > 0)
        {
            throw new InvalidOperationException($"Tenant '{Tenant}' has made {DecisionOrdinal} decisions; a warm start must come before the first.");
        }

        if (rows.Count == 0)
        {
            return;
        }

        WarmStartCheck.CheckRows("Warm-start", rows, configuration.Arms.Count, _modelReduction.InputDimensions);
        Fit(configuration, rows, keepsDebt: false);
    }

    /// <summary>Checks that a set could be learned from now.</summary>
    /// <param name="set">The set.</param>
    /// <exception cref="InvalidOperationException">There is no configuration yet.</exception>
    /// <exception cref="ArgumentException">It could not; the message names what is wrong.</exception>
    public void CheckWarmStart(WarmStartSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        WarmStartCheck.Check(set, _embeddingModelId, _modelReduction.InputDimensions, Configured().Arms.Select(a => a.Id));
    }

    private void WarmStart(WarmStartedEvent started)
    {
        var configuration = Configured();
        var set = started.Set;
        if (set.EmbeddingModelId != _embeddingModelId || !set.Knows(configuration.Arms))
        {
            // Recorded just after another arm or another model came: a log that is durable must fold, whatever it holds.
            return;
        }

        CheckWarmStart(set);
        Learn(configuration, set, started.Digest, started.At, keepsDebt: false);
    }

    private void Learn(TenantConfiguration configuration, WarmStartSet set, string digest, DateTimeOffset at, bool keepsDebt)
    {
        var counted = Counted();
        Fit(configuration, set.RowsOf(configuration.Arms), keepsDebt);
        Restore(counted);
        _windows.ResetDual(WindowTarget(configuration, at));
        _warmStart = digest;
        _warmStartRows = set.Rows.Count;
    }

    private void Fit(TenantConfiguration configuration, IReadOnlyList<WarmStartQuery> rows, bool keepsDebt)
    {
        _features.Fit([.. rows.Select(r => r.Features)]);
        RestartPolicy(configuration);

        // What the policy predicted before it was taught must not return with a change of prices.
        _pacer.SetArms(configuration.Arms.Count);
        _windows.SetArms(configuration.Arms.Count);
        _policy!.WarmStart(Completed(rows, configuration));
        if (keepsDebt)
        {
            _pacer.Restart(SuggestLambda(configuration));
        }
        else
        {
            _pacer.SetTarget(configuration.UsdPerRequest, SuggestLambda(configuration));
        }
    }

    private IReadOnlyList<WarmStartRow> Completed(IReadOnlyList<WarmStartQuery> rows, TenantConfiguration configuration) => CompletedRows.Of(
        _features.Map(rows, configuration.Parts), configuration.Arms, rows.Select(row => configuration.Parts.HasFlag(ContextParts.Task) ? row.Features.Task : null));
}
