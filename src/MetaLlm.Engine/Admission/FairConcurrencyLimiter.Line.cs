namespace MetaLlm.Engine.Admission;

public sealed partial class FairConcurrencyLimiter
{
    /// <summary>What a tenant has waiting.</summary>
    private sealed class Line
    {
        private readonly LinkedList<Waiter> _waiters = [];

        /// <summary>Until then the newest call goes first: clients of the oldest ones do not wait that long.</summary>
        public long NewestFirstUntil { get; set; }

        public int Count => _waiters.Count;

        public Waiter Add(string tenant, long now)
        {
            var waiter = new Waiter(tenant, now);
            waiter.Place = _waiters.AddLast(waiter);
            return waiter;
        }

        public void Remove(Waiter waiter)
        {
            _waiters.Remove(waiter.Place!);
            waiter.Place = null;
        }

        public Waiter Take(long now)
        {
            var next = (now < NewestFirstUntil ? _waiters.Last : _waiters.First)!.Value;
            Remove(next);
            return next;
        }
    }

    private sealed class Waiter(string tenant, long since)
    {
        public string Tenant => tenant;

        public long Since => since;

        /// <summary>Its place in the line; null once its turn has come or it has given up.</summary>
        public LinkedListNode<Waiter>? Place { get; set; }

        public TaskCompletionSource Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
