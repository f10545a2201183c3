using MetaLlm.Engine.Routing;
using MetaLlm.Engine.Tenants;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Storage.Commits;

/// <summary>
/// Writes that share a transaction, so that one flush serves all that arrived while the last one ran. One that breaks it fails alone.
/// </summary>
/// <remarks>Not safe for concurrent use: it belongs to one writer.</remarks>
/// <typeparam name="TContext">What the writes run against.</typeparam>
/// <param name="maxBatchSize">Most writes of a transaction.</param>
/// <param name="isOfOneWrite">Whether one write may be to blame for an error, so that the others should be tried without it.</param>
/// <param name="isOutage">Whether an error is the store's condition, such as a full disk, and no defect.</param>
/// <param name="time">Measures commits.</param>
/// <param name="metrics">Where commits are counted.</param>
/// <param name="logger">Where failures are told.</param>
internal sealed partial class GroupCommit<TContext>(
    int maxBatchSize, Func<Exception, bool> isOfOneWrite, Func<Exception, bool> isOutage, TimeProvider time, EngineMetrics metrics, ILogger logger)
{
    private readonly List<WriteRequest<TContext>> _batch = [];
    private readonly ILogger _logger = logger;
    private readonly QuietLog _quiet = new(time);
    private bool _split;
    private int _failed;
    private int _returned;
    private int _heldBack;

    /// <summary>Whether no write can be added.</summary>
    public bool IsFull => _batch.Count - _returned >= maxBatchSize;

    /// <summary>Writes that the next groups hold.</summary>
    public int Count => _batch.Count;

    /// <summary>Adds writes that were held back, before any others, so that the writes of a tenant keep their order. They take no other's place.</summary>
    public void Return(IReadOnlyList<WriteRequest<TContext>> requests)
    {
        _batch.AddRange(requests);
        _returned += requests.Count;
    }

    /// <summary>Adds a write, unless its caller has given up.</summary>
    public void Add(WriteRequest<TContext> request)
    {
        if (!request.TryWithdraw())
        {
            _batch.Add(request);
        }
    }

    /// <summary>
    /// What to commit, one transaction after another: all writes together and, where one of them broke that, each alone. The outcome of each group goes to
    /// <see cref="Report"/> before the next is asked for. At the end there are none left.
    /// </summary>
    public IEnumerable<IReadOnlyList<WriteRequest<TContext>>> Groups()
    {
        if (_batch.Count == 0)
        {
            yield break;
        }

        var started = time.GetTimestamp();
        _split = false;
        _heldBack = 0;
        yield return _batch;
        if (_split)
        {
            LogBatchSplit(_batch.Count);
            foreach (var request in _batch)
            {
                yield return [request];
            }
        }

        if (_batch.Count > _heldBack)
        {
            metrics.RecordAppend(_batch.Count - _heldBack, time.GetElapsedTime(started));
        }

        _batch.Clear();
        _returned = 0;
    }

    /// <summary>Tells the callers of a group how it ended, unless the group is to be split.</summary>
    /// <param name="group">The group.</param>
    /// <param name="error">Why nothing of it was written; null when it is committed.</param>
    /// <param name="heldBack">Those of the group that were left out, of which their callers hear later.</param>
    public void Report(IReadOnlyList<WriteRequest<TContext>> group, Exception? error, IReadOnlyCollection<WriteRequest<TContext>>? heldBack = null)
    {
        if (error is null)
        {
            TellRecovery();
            _heldBack += heldBack?.Count ?? 0;
            foreach (var request in group)
            {
                if (heldBack is not { Count: > 0 } || !heldBack.Contains(request))
                {
                    request.Complete();
                }
            }
        }
        else if (group.Count > 1 && isOfOneWrite(error))
        {
            // Alone, each succeeds or fails for itself.
            _split = true;
        }
        else
        {
            Tell(error, group.Count);
            foreach (var request in group)
            {
                request.Fail(error);
            }
        }
    }

    /// <summary>An outage meets every call: one line in a while is enough, with its message alone. A defect needs its stack, each time.</summary>
    private void Tell(Exception error, int writes)
    {
        if (!isOutage(error))
        {
            LogCommitFailed(error, writes, error.Message);
            return;
        }

        _failed += writes;
        if (_quiet.MaySay(error.GetType(), out _))
        {
            LogCommitFailed(null, writes, error.Message);
        }
    }

    private void TellRecovery()
    {
        if (_failed > 0)
        {
            LogRecovered(_failed);
            _failed = 0;
        }
    }

    [LoggerMessage(3105, LogLevel.Information, "Commits succeed again; {Count} writes failed meanwhile.")]
    private partial void LogRecovered(int count);

    [LoggerMessage(3101, LogLevel.Error, "A commit of {Count} writes failed; their callers were told. {Reason}")]
    private partial void LogCommitFailed(Exception? defect, int count, string reason);

    [LoggerMessage(3102, LogLevel.Warning, "One of {Count} writes broke their common transaction; each is committed alone.")]
    private partial void LogBatchSplit(int count);
}
