using System.Collections.Concurrent;
using System.Threading.Channels;

namespace MetaLlm.Gateway.Screening;

/// <summary>Calls that wait to be looked at off the path of requests. What finds no room is dropped and counted. Safe for concurrent use.</summary>
/// <typeparam name="T">What is kept of a call.</typeparam>
/// <param name="mostWaiting">Most calls that wait.</param>
internal sealed class HeldCalls<T>(int mostWaiting)
    where T : IHeldCall
{
    private const long MostBytes = 64 * 1024 * 1024;

    private readonly Channel<T> _waiting = Channel.CreateBounded<T>(new BoundedChannelOptions(mostWaiting));
    private readonly ConcurrentDictionary<string, long> _dropped = new(StringComparer.Ordinal);
    private long _bytes;

    /// <summary>Calls of a tenant that were dropped.</summary>
    /// <param name="tenant">The tenant.</param>
    public long Dropped(string tenant) => _dropped.GetValueOrDefault(tenant);

    /// <summary>Takes a call in, or drops it. It returns at once.</summary>
    /// <returns>Whether it was taken in.</returns>
    public bool TryAdd(T call)
    {
        if (Interlocked.Add(ref _bytes, call.Bytes) <= MostBytes && _waiting.Writer.TryWrite(call))
        {
            return true;
        }

        Interlocked.Add(ref _bytes, -call.Bytes);
        _dropped.AddOrUpdate(call.Tenant.Id, 1, static (_, count) => count + 1);
        return false;
    }

    /// <summary>Looks at calls until it is stopped. What waits then is left; what models were asked is settled.</summary>
    /// <param name="atOnce">How many at once.</param>
    /// <param name="look">Looks at one; it throws nothing but that it was stopped.</param>
    /// <param name="stopping">Stops it.</param>
    public async Task RunAsync(int atOnce, Func<T, CancellationToken, Task> look, CancellationToken stopping)
    {
        await Task.Yield();
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(_ => LookAsync(look, stopping))).ConfigureAwait(false);
    }

    private async Task LookAsync(Func<T, CancellationToken, Task> look, CancellationToken stopping)
    {
        try
        {
            await foreach (var call in _waiting.Reader.ReadAllAsync(stopping).ConfigureAwait(false))
            {
                await look(call, stopping).ConfigureAwait(false);
                Interlocked.Add(ref _bytes, -call.Bytes);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
        }
    }
}
