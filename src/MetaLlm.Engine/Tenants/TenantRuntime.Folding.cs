using System.Buffers;
using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

public sealed partial class TenantRuntime
{
    /// <summary>Folds in every event that the journal has; notices whether another owner has decided.</summary>
    /// <param name="cancellationToken">Cancels between pages; what was folded stays.</param>
    public async ValueTask CatchUpAsync(CancellationToken cancellationToken)
    {
        var state = await ReadyAsync(cancellationToken).ConfigureAwait(false);
        await ReadEventsAsync(state, long.MaxValue, cancellationToken).ConfigureAwait(false);
        if (_state is null || !_appender.Last.IsCompleted)
        {
            return;
        }

        var foreign = await _services.Journal.ReadDecisionsAsync(Tenant, state.DecisionOrdinal, 1, cancellationToken).ConfigureAwait(false);
        if (foreign.Count > 0)
        {
            GiveUp(state.DecisionOrdinal);
        }
    }

    /// <summary>The state of a configured tenant, loaded, with everything that was delivered.</summary>
    private async ValueTask<TenantState> ReadyAsync(CancellationToken cancellationToken)
    {
        var state = await LoadedAsync(cancellationToken).ConfigureAwait(false);
        if (state.Configuration is not null)
        {
            return state;
        }

        Drop();
        throw new UnknownTenantException(Tenant);
    }

    private async ValueTask<TenantState> LoadedAsync(CancellationToken cancellationToken)
    {
        await DropIfPoisonedAsync().ConfigureAwait(false);
        while (true)
        {
            if (_state is null)
            {
                var recovered = await RecoveredAsync(cancellationToken).ConfigureAwait(false);
                _appender = new DecisionAppender(_services.Journal);
                _checkpointer = new Checkpointer(Tenant, _services, recovered);
                _state = recovered.State;
                WatchMissing(_state);
                _services.Metrics.TenantActivated();
            }

            await FoldDeliveredAsync(_state, cancellationToken).ConfigureAwait(false);
            if (_state is not null)
            {
                return _state;
            }
        }
    }

    /// <exception cref="TenantRebuildingException">It takes longer than a call may wait.</exception>
    private async ValueTask<RecoveredTenant> RecoveredAsync(CancellationToken cancellationToken)
    {
        var rebuild = _rebuild ??= new TenantRebuild(Tenant, _services);
        if (!await rebuild.EndsSoonAsync(_services.Options.RebuildPatience, cancellationToken).ConfigureAwait(false))
        {
            throw new TenantRebuildingException(Tenant);
        }

        // Where it failed, the next call tries again.
        _rebuild = null;
        return await rebuild.Outcome.ConfigureAwait(false);
    }

    private async ValueTask DropIfPoisonedAsync()
    {
        if (_state is null)
        {
            return;
        }

        try
        {
            await _checkpointer!.AbsorbAsync().ConfigureAwait(false);
        }
        catch (FencedException error)
        {
            Poisoned(error);
            return;
        }

        if (_appender.Failure is { } failure)
        {
            Poisoned(failure);
        }
    }

    private async ValueTask FoldDeliveredAsync(TenantState state, CancellationToken cancellationToken)
    {
        var delivered = _inbox.Take(out var announced);
        foreach (var recorded in delivered)
        {
            // Earlier ones are folded in already; after a gap the journal has the rest in order.
            if (recorded.Sequence == state.AppliedSequence + 1 && !await TryFoldAsync(state, recorded, cancellationToken).ConfigureAwait(false))
            {
                return;
            }
        }

        if (announced > state.AppliedSequence)
        {
            await ReadEventsAsync(state, announced, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask ReadEventsAsync(TenantState state, long upTo, CancellationToken cancellationToken)
    {
        while (state.AppliedSequence < upTo)
        {
            var page = await _services.Journal
                .ReadEventsAsync(Tenant, state.AppliedSequence, _services.Options.ReplayPageSize, cancellationToken)
                .ConfigureAwait(false);
            foreach (var recorded in page)
            {
                if (!await TryFoldAsync(state, recorded, cancellationToken).ConfigureAwait(false))
                {
                    return;
                }
            }

            if (page.Count < _services.Options.ReplayPageSize)
            {
                return;
            }
        }
    }

    /// <summary>Folds the next event in, unless it is about a decision that this owner did not make: then the state is given up.</summary>
    private async ValueTask<bool> TryFoldAsync(TenantState state, TenantEvent recorded, CancellationToken cancellationToken)
    {
        if (recorded.DecisionOrdinal() > state.DecisionOrdinal)
        {
            GiveUp(state.DecisionOrdinal);
            return false;
        }

        var folds = 1;
        if (recorded is TookInEvent tookIn)
        {
            folds += await TakeInAsync(state, tookIn, cancellationToken).ConfigureAwait(false);
        }
        else if (recorded is ConfiguredEvent { Relearns: true } relearns)
        {
            if (!await TryRelearnAsync(state, relearns, cancellationToken).ConfigureAwait(false))
            {
                return false;
            }
        }
        else
        {
            Fold(state, () => state.Apply(recorded));
        }

        _evidence?.Happened(recorded);
        switch (recorded)
        {
            case ConfiguredEvent or RewardedEvent { Defaulted: true }:
            case RewardedEvent when state.Configuration?.MissingReward is { Mode: MissingRewardMode.Impute }:
                WatchMissing(state);
                break;
            case SettledEvent settled:
                _openCalls.Remove(settled.Decision.DecisionId);
                _promised.Remove(settled.Decision.DecisionId);
                break;
            case ReroutedEvent rerouted:
                _promised.Remove(rerouted.Decision.DecisionId);
                if (_openCalls.TryGetValue(rerouted.Decision.DecisionId, out var open))
                {
                    _openCalls[rerouted.Decision.DecisionId] = open with { ServedArm = rerouted.ToArm, ReservedUsd = rerouted.ReservedUsd, BoundUsd = rerouted.BoundUsd };
                }

                break;
        }

        _checkpointer!.AfterFold(state, _appender.Last, folds);
        return true;
    }

    private void Fold(TenantState state, Action apply)
    {
        try
        {
            apply();
        }
        catch
        {
            // Half a fold is no state.
            if (ReferenceEquals(state, _state))
            {
                Drop();
            }

            throw;
        }
    }

    /// <summary>Tries an event on a copy: an event that cannot be folded in must never reach the journal.</summary>
    private void Rehearse(TenantState state, TenantEvent recorded) => Copy(state).Apply(recorded);

    private TenantState Copy(TenantState state)
    {
        if (state.Configuration is null)
        {
            return TenantState.Create(Tenant, _services.Model.Id, _services.Model.Reduction);
        }

        var bytes = new ArrayBufferWriter<byte>();
        state.Save(bytes);
        return TenantState.Load(bytes.WrittenSpan, Tenant, _services.Model.Id, _services.Model.Reduction);
    }

    /// <summary>Waits until no decision is on its way; whether the last one got there shows in the appender.</summary>
    private async ValueTask SettleAppendsAsync() =>
        await _appender.Last.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private void GiveUp(long ordinal) => Poisoned(new FencedException(
        $"Another owner has decided for tenant '{Tenant}' after decision {ordinal}."));

    private void Poisoned(Exception reason)
    {
        if (reason is FencedException)
        {
            _services.Metrics.RecordFenced();
        }

        LogDropped(reason is FencedException or EngineUnavailableException ? null : reason, Tenant, reason.Message);
        Drop();
    }

    private void Drop()
    {
        if (_state is null)
        {
            return;
        }

        _state = null;
        _missing = null;
        _evidence = null;
        _taken = null;
        _checkpointer = null;
        _openCalls.Clear();
        _promised.Clear();
        _services.Metrics.TenantDeactivated();
    }
}
