using System.Collections.Concurrent;
using MetaLlm.Engine.Journal;
using MetaLlm.Engine.Orleans.Contracts;

namespace MetaLlm.Engine.Orleans.Callers;

/// <summary>
/// Takes settlements to their tenants' owners: one message to an owner is on its way at a time, and all that is settled meanwhile goes
/// with the next.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
/// <param name="owner">The owner of a tenant.</param>
internal sealed class SettlementSender(Func<string, ITenantPolicyGrain> owner)
{
    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Sends a settlement.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="settlement">The settlement.</param>
    /// <returns>Ends as the owner's call ended.</returns>
    public Task SendAsync(string tenant, Settlement settlement) =>
        (_lanes.TryGetValue(tenant, out var lane) ? lane : _lanes.GetOrAdd(tenant, new Lane(owner(tenant)))).SendAsync(settlement);

    private sealed class Lane(ITenantPolicyGrain owner)
    {
        private readonly Lock _gate = new();
        private List<Entry> _waiting = [];
        private bool _busy;

        public Task SendAsync(Settlement settlement)
        {
            var entry = new Entry(settlement, new TaskCompletionSource());
            lock (_gate)
            {
                _waiting.Add(entry);
                if (_busy)
                {
                    return entry.Ended.Task;
                }

                _busy = true;
            }

            // Its outcome reaches every caller through that caller's own entry.
            _ = SendWaitingAsync();
            return entry.Ended.Task;
        }

        private async Task SendWaitingAsync()
        {
            while (TakeWaiting() is { } batch)
            {
                try
                {
                    await owner.SettleAsync(batch.ConvertAll(entry => entry.Settlement), CancellationToken.None).ConfigureAwait(false);
                }
                catch (Exception failure)
                {
                    await FailAsync(batch, failure).ConfigureAwait(false);
                    continue;
                }

                foreach (var entry in batch)
                {
                    entry.Ended.SetResult();
                }
            }
        }

        /// <summary>One settlement may have failed the call for all. Alone, each succeeds or fails for itself; those that are recorded stay so.</summary>
        private async Task FailAsync(List<Entry> batch, Exception failure)
        {
            if (batch.Count == 1)
            {
                batch[0].Ended.SetException(failure);
                return;
            }

            await Task.WhenAll(batch.Select(SendAloneAsync)).ConfigureAwait(false);
        }

        private async Task SendAloneAsync(Entry entry)
        {
            try
            {
                await owner.SettleAsync([entry.Settlement], CancellationToken.None).ConfigureAwait(false);
                entry.Ended.SetResult();
            }
            catch (Exception failure)
            {
                entry.Ended.SetException(failure);
            }
        }

        private List<Entry>? TakeWaiting()
        {
            lock (_gate)
            {
                if (_waiting.Count == 0)
                {
                    _busy = false;
                    return null;
                }

                var batch = _waiting;
                _waiting = [];
                return batch;
            }
        }
    }

    private readonly record struct Entry(Settlement Settlement, TaskCompletionSource Ended);
}
