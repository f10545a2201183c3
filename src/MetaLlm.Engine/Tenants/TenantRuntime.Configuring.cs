using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    private const string CannotRelearn = "cannot learn again from its journals; policyRestart 'forget' lets it start anew";

    /// <summary>Sets the configuration; nothing is recorded when it says the same as the one in force.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="restart">What is done where the policy would forget something.</param>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <exception cref="ArgumentException">The configuration is not valid; nothing was recorded.</exception>
    /// <exception cref="PolicyRestartException">The policy would forget something, and is to be left alone; nothing was recorded.</exception>
    /// <exception cref="OutdatedConfigurationException">A newer one is in force; nothing was recorded.</exception>
    /// <exception cref="ShardedTenantException">It would change how many owners the tenant has, or make several of them learn again; nothing was recorded.</exception>
    public async ValueTask ConfigureAsync(TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        if (await CheckAsync(configuration, restart, cancellationToken).ConfigureAwait(false) is not var (state, forgotten))
        {
            return;
        }

        if (forgotten is not null)
        {
            LogRestarts(Tenant, string.Join(", ", forgotten.Members), forgotten.ToString(), restart == PolicyRestart.Relearn ? "learns again from the journal" : "forgets them");
            if (restart == PolicyRestart.Relearn)
            {
                await RelearnAsync(configuration, cancellationToken).ConfigureAwait(false);
                return;
            }
        }

        foreach (var arm in state.FindLeaving(configuration))
        {
            LogLeaves(Tenant, arm.ArmId, arm.Statistics.Pulls, arm.Statistics.Rewards);
        }

        var at = _services.Time.GetUtcNow();
        Rehearse(state, new ConfiguredEvent { Sequence = state.AppliedSequence + 1, At = at, Configuration = configuration });
        Deliver(await _services.Journal.AppendConfigurationAsync(Tenant, configuration, at, cancellationToken).ConfigureAwait(false));
        await ActivateAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Checks that a configuration could be set now, as <see cref="ConfigureAsync"/> does before it records anything.</summary>
    /// <param name="configuration">The configuration.</param>
    /// <param name="restart">What is to be done where the policy would forget something.</param>
    /// <param name="cancellationToken">Cancels the load.</param>
    /// <exception cref="ArgumentException">The configuration is not valid.</exception>
    /// <exception cref="PolicyRestartException">The policy would forget something, and is to be left alone.</exception>
    /// <exception cref="OutdatedConfigurationException">A newer one is in force.</exception>
    /// <exception cref="ShardedTenantException">It would change how many owners the tenant has, or make several of them learn again.</exception>
    public async ValueTask CheckConfigurationAsync(TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken) =>
        _ = await CheckAsync(configuration, restart, cancellationToken).ConfigureAwait(false);

    /// <returns>The state, and what its policy would forget; null where the configuration says what is in force.</returns>
    private async ValueTask<(TenantState State, ForgottenLearning? Forgotten)?> CheckAsync(
        TenantConfiguration configuration, PolicyRestart restart, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var errors = TenantConfigurationValidator.Validate(configuration);
        if (errors.Count > 0)
        {
            throw new ArgumentException(
                "The configuration is invalid: " + string.Join(" ", errors.Select(error => $"{error.Field} {error.Message}")), nameof(configuration));
        }

        var state = await LoadedAsync(cancellationToken).ConfigureAwait(false);
        if (state.Configuration is { } current && TenantConfigurationJson.Same(current, configuration))
        {
            return null;
        }

        if (state.Configuration is { } before && before.Shards != configuration.Shards)
        {
            throw new ShardedTenantException(
                $"Tenant '{TenantOwner.TenantOf(Tenant)}' keeps its configuration: shards is {configuration.Shards ?? 1}; it was {before.Shards ?? 1} when the tenant was made, and cannot be changed.");
        }

        if (configuration.Version is { } asked && state.Configuration?.Version is { } inForce && asked < inForce)
        {
            throw new OutdatedConfigurationException(Tenant, asked, inForce);
        }

        if (state.FindForgotten(configuration) is { } forgotten)
        {
            if (restart is not (PolicyRestart.Relearn or PolicyRestart.Forget))
            {
                throw new PolicyRestartException(forgotten);
            }

            if (restart == PolicyRestart.Relearn)
            {
                RefuseIfSharded(state, CannotRelearn);
            }

            return (state, forgotten);
        }

        return (state, null);
    }

    /// <summary>Rebuilds the policy from the journal's decisions and rewards, under the configuration in force: one event.</summary>
    /// <param name="cancellationToken">Cancels before the append.</param>
    /// <returns>What the policy knows now.</returns>
    /// <exception cref="ShardedTenantException">The tenant has several owners; nothing was recorded.</exception>
    public async ValueTask<RelearnReceipt> RelearnAsync(CancellationToken cancellationToken)
    {
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        RefuseIfSharded(state, CannotRelearn);
        return await RelearnAsync(state.Configuration!, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<RelearnReceipt> RelearnAsync(TenantConfiguration configuration, CancellationToken cancellationToken)
    {
        // What is learned from is what the journal holds: all that is on its way has to arrive first.
        await SettleAppendsAsync().ConfigureAwait(false);
        await CatchUpAsync(cancellationToken).ConfigureAwait(false);
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        var at = _services.Time.GetUtcNow();
        var tried = new ConfiguredEvent { Sequence = state.AppliedSequence + 1, At = at, Configuration = configuration, Relearns = true };
        await Relearning().ApplyAsync(Copy(state), tried, cancellationToken).ConfigureAwait(false);
        var recorded = await _services.Journal.AppendRelearningAsync(Tenant, configuration, at, cancellationToken).ConfigureAwait(false);
        Deliver(recorded);
        var arms = (await ReadyAsync(CancellationToken.None).ConfigureAwait(false)).Report().Arms;
        return new RelearnReceipt(arms.Sum(arm => arm.Statistics.Pulls), arms.Sum(arm => arm.Statistics.Rewards), recorded.Sequence);
    }

    /// <summary>Folds in an event that rebuilds the policy, unless a decision of the state never got into the journal: then the state is given up.</summary>
    private async ValueTask<bool> TryRelearnAsync(TenantState state, ConfiguredEvent relearns, CancellationToken cancellationToken)
    {
        await SettleAppendsAsync().ConfigureAwait(false);
        if (_appender.Failure is { } failure)
        {
            Poisoned(failure);
            return false;
        }

        try
        {
            await Relearning().ApplyAsync(state, relearns, cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch
        {
            // Half a policy is no state.
            Drop();
            throw;
        }
    }

    private JournalRelearning Relearning() => new(_services.Journal, Tenant, _services.Options.ReplayPageSize);
}
