using MetaLlm.Core.Tenancy;
using MetaLlm.Engine.Ports;

namespace MetaLlm.Engine.Tenants;

/// <summary>
/// Hands a tenant's decisions to the journal in order: one append is on its way at a time, and all that was decided meanwhile
/// goes with the next.
/// </summary>
/// <remarks>
/// One at a time is what keeps the fence tight. Were decision n + 1 sent before n is known to be durable, n could be refused because
/// another owner took its ordinal, and n + 1 accepted on top of the other owner's n, from which it was not made.
/// Safe for concurrent use. After a failure nothing is appended any more.
/// </remarks>
internal sealed class DecisionAppender(ITenantJournal journal)
{
    private readonly Lock _gate = new();
    private List<Entry> _waiting = [];
    private bool _busy;
    private Exception? _failure;

    /// <summary>Why nothing is appended any more; null while all is well.</summary>
    public Exception? Failure
    {
        get
        {
            lock (_gate)
            {
                return _failure;
            }
        }
    }

    /// <summary>Completes or fails with the decision that was appended last.</summary>
    public Task Last { get; private set; } = Task.CompletedTask;

    /// <summary>Appends a decision; called by the tenant's owner, in order.</summary>
    /// <returns>Completes when the decision is durable.</returns>
    public Task Append(DecisionRecord decision)
    {
        var entry = new Entry(decision);
        Last = entry.Durable.Task;
        lock (_gate)
        {
            if (_failure is not null)
            {
                return Last = Task.FromException(_failure);
            }

            _waiting.Add(entry);
            if (_busy)
            {
                return Last;
            }

            _busy = true;
        }

        // Its outcome reaches every caller through that caller's own entry.
        _ = AppendWaitingAsync();
        return entry.Durable.Task;
    }

    private async Task AppendWaitingAsync()
    {
        while (TakeWaiting() is { } batch)
        {
            try
            {
                await journal.AppendDecisionsAsync([.. batch.Select(entry => entry.Decision)], CancellationToken.None).ConfigureAwait(false);
            }
            catch (Exception failure)
            {
                Fail(batch, failure);
                return;
            }

            foreach (var entry in batch)
            {
                entry.Durable.SetResult();
            }
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

    private void Fail(List<Entry> batch, Exception failure)
    {
        List<Entry> rest;
        lock (_gate)
        {
            _failure = failure;
            rest = _waiting;
            _waiting = [];
            _busy = false;
        }

        foreach (var entry in batch.Concat(rest))
        {
            entry.Durable.SetException(failure);
        }
    }

    private readonly record struct Entry(DecisionRecord Decision)
    {
        public TaskCompletionSource Durable { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
