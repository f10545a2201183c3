using System.Diagnostics.CodeAnalysis;

namespace MetaLlm.Storage.Commits;

/// <summary>Writes on their way from their callers to the one thread that commits them. Safe for concurrent use.</summary>
/// <remarks>
/// Whoever takes sleeps at once where nothing waits. The collections of the base library spin first, which costs a core of the callers while their writes are on the way to the disk.
/// </remarks>
/// <typeparam name="T">A write.</typeparam>
internal sealed class WriteQueue<T>
    where T : class
{
    private readonly object _gate = new();
    private readonly Queue<T> _writes = new();
    private bool _closed;

    /// <summary>Whether no write is taken in any more.</summary>
    public bool IsClosed
    {
        get
        {
            lock (_gate)
            {
                return _closed;
            }
        }
    }

    /// <summary>Adds a write.</summary>
    /// <returns>False when the queue is closed.</returns>
    public bool TryAdd(T write)
    {
        lock (_gate)
        {
            if (_closed)
            {
                return false;
            }

            _writes.Enqueue(write);
            Monitor.Pulse(_gate);
            return true;
        }
    }

    /// <summary>Takes in no more writes. Those that wait can still be taken out.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _closed = true;
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Takes the oldest write out, and waits for one; for one thread alone.</summary>
    /// <param name="write">The write.</param>
    /// <param name="patience">How long to wait; zero to take what is there.</param>
    /// <returns>False when none came in time, or none can come any more.</returns>
    public bool TryTake([NotNullWhen(true)] out T? write, TimeSpan patience)
    {
        lock (_gate)
        {
            // A second wait would be for a wake-up without a cause, which Monitor does not give.
            if (_writes.Count == 0 && !_closed && patience != TimeSpan.Zero)
            {
                _ = Monitor.Wait(_gate, patience);
            }

            return _writes.TryDequeue(out write);
        }
    }
}
