using System.Threading.Channels;
using MetaLlm.Engine.Routing;
using Microsoft.Extensions.Logging;

namespace MetaLlm.Extensions.AI.Rewards;

/// <summary>
/// The feedback of one tenant on its way: one worker takes what has gathered and records it in one write. What cannot be recorded now goes to disk, and all that follows behind it, so that the order stays.
/// </summary>
/// <remarks>Safe for concurrent use.</remarks>
internal sealed partial class FeedbackQueue : IFeedbackClient, IAsyncDisposable
{
    private readonly string _tenant;
    private readonly IFeedbackRecorder _recorder;
    private readonly SpillFiles<KeptFeedback>? _files;
    private readonly FeedbackClientOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Channel<Entry> _entries;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _working;
    private bool _isBehind;
    private int _disposed;

    public FeedbackQueue(string tenant, IFeedbackRecorder recorder, SpillFiles<KeptFeedback>? files, FeedbackClientOptions options, TimeProvider time, ILogger logger)
    {
        (_tenant, _recorder, _files, _options, _time, _logger) = (tenant, recorder, files, options, time, logger);
        _entries = Channel.CreateBounded<Entry>(new BoundedChannelOptions(options.MostWaiting) { SingleReader = true });

        // What an earlier process has left behind comes first.
        _isBehind = files is not null;
        _working = Task.Run(WorkAsync);
    }

    /// <inheritdoc/>
    public async Task<FeedbackStatus> SendAsync(Feedback feedback, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(feedback);
        FeedbackRules.Check(feedback);
        var entry = new Entry(feedback);
        await EnqueueAsync(entry, cancellationToken).ConfigureAwait(false);
        return await entry.Ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public async Task FlushAsync(CancellationToken cancellationToken = default)
    {
        var entry = new Entry(null);
        await EnqueueAsync(entry, cancellationToken).ConfigureAwait(false);
        await entry.Ended.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Records what has gathered, or puts it on disk, and takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        _entries.Writer.TryComplete();
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            await _stopping.CancelAsync().ConfigureAwait(false);
        }

        await _working.ConfigureAwait(false);
    }

    private async ValueTask EnqueueAsync(Entry entry, CancellationToken cancellationToken)
    {
        try
        {
            await _entries.Writer.WriteAsync(entry, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw MetaLlmException.Stopping(e);
        }
    }

    private async Task WorkAsync()
    {
        var waiting = new List<Entry>();
        do
        {
            await TakeAsync(waiting).ConfigureAwait(false);
            if (_isBehind)
            {
                await CatchUpAsync().ConfigureAwait(false);
            }

            if (!_isBehind)
            {
                waiting.ForEach(entry => entry.Ended.TrySetResult(FeedbackStatus.Accepted));
                waiting.Clear();
            }
        }
        while (await WaitAsync().ConfigureAwait(false));

        waiting.ForEach(entry => entry.Ended.TrySetException(MetaLlmException.Stopping(null)));
    }

    /// <summary>Waits for feedback, and while there is some on disk, no longer than until it is tried again.</summary>
    /// <returns>False when no more will come.</returns>
    private async ValueTask<bool> WaitAsync()
    {
        var more = _entries.Reader.WaitToReadAsync(CancellationToken.None).AsTask();
        if (_isBehind && !more.IsCompleted)
        {
            using var enough = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
            var pause = Task.Delay(_options.RetryPause, _time, enough.Token);
            await Task.WhenAny(more, pause).ConfigureAwait(false);
            await enough.CancelAsync().ConfigureAwait(false);
            if (!more.IsCompleted)
            {
                return !_stopping.IsCancellationRequested;
            }
        }

        return await more.ConfigureAwait(false);
    }

    /// <summary>Records what has gathered.</summary>
    /// <param name="waiting">Receives who waits for all that is on disk.</param>
    private async Task TakeAsync(List<Entry> waiting)
    {
        var batch = new List<Entry>();
        while (batch.Count < _options.MostPerBatch && _entries.Reader.TryRead(out var entry))
        {
            (entry.Feedback is null ? waiting : batch).Add(entry);
        }

        if (batch.Count == 0)
        {
            return;
        }

        if (_isBehind)
        {
            await KeepAsync(batch, null).ConfigureAwait(false);
            return;
        }

        try
        {
            var statuses = await _recorder.RecordAsync(_tenant, [.. batch.Select(entry => entry.Feedback!)], CancellationToken.None).ConfigureAwait(false);
            for (var i = 0; i < batch.Count; i++)
            {
                batch[i].Ended.TrySetResult(statuses[i]);
            }
        }
#pragma warning disable CA1031 // Whoever sent it is told, whatever it is; the next one is taken all the same.
        catch (Exception e)
#pragma warning restore CA1031
        {
            var told = MetaLlmException.From(e);
            if (told?.RetryAfter is null)
            {
                batch.ForEach(entry => entry.Ended.TrySetException(told ?? e));
            }
            else
            {
                await KeepAsync(batch, told).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Puts feedback on disk.</summary>
    /// <param name="batch">The feedback.</param>
    /// <param name="reason">Why it could not be recorded; null where other feedback waits already.</param>
    private async Task KeepAsync(List<Entry> batch, MetaLlmException? reason)
    {
        if (_files is null)
        {
            batch.ForEach(entry => entry.Ended.TrySetException(reason!));
            return;
        }

        if (reason is not null)
        {
            LogDeferred(_logger, _tenant, reason.Message);
        }

        foreach (var entry in batch)
        {
            try
            {
                await _files.WriteAsync(new KeptFeedback(_tenant, entry.Feedback!)).ConfigureAwait(false);
                _isBehind = true;
                entry.Ended.TrySetResult(FeedbackStatus.Deferred);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                entry.Ended.TrySetException(reason ?? MetaLlmException.NotKept(e));
            }
        }
    }

    /// <summary>Records what is on disk.</summary>
    private async Task CatchUpAsync()
    {
        IReadOnlyList<SpillFile<KeptFeedback>> files = [];
        try
        {
            files = await _files!.TakeAsync().ConfigureAwait(false);
            foreach (var file in files)
            {
                if (!await RecordAsync(file).ConfigureAwait(false))
                {
                    return;
                }
            }

            _isBehind = false;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_logger, e, _tenant, e.Message);
        }
        finally
        {
            foreach (var file in files)
            {
                file.Dispose();
            }
        }
    }

    /// <returns>Whether all that the file holds is recorded.</returns>
    private async Task<bool> RecordAsync(SpillFile<KeptFeedback> file)
    {
        if (file.Unreadable > 0)
        {
            LogUnreadable(_logger, null, _tenant, $"{file.Unreadable} lines are no feedback.");
        }

        var refused = 0;
        foreach (var batch in file.Entries.Select(kept => kept.Feedback).Chunk(_options.MostPerBatch))
        {
            try
            {
                var statuses = await _recorder.RecordAsync(_tenant, batch, CancellationToken.None).ConfigureAwait(false);
                refused += statuses.Count(status => status > FeedbackStatus.Deferred);
            }
#pragma warning disable CA1031 // What is on disk stays there until it is recorded or refused.
            catch (Exception e)
#pragma warning restore CA1031
            {
                if (MetaLlmException.From(e) is not { RetryAfter: null } told)
                {
                    return false;
                }

                refused += batch.Length;
                LogRefused(_logger, _tenant, told.Message);
            }
        }

        file.Delete();
        LogRecorded(_logger, _tenant, file.Entries.Count, refused);
        return true;
    }

    /// <param name="feedback">What was sent; null for whoever waits for all before it.</param>
    private sealed class Entry(Feedback? feedback)
    {
        public Feedback? Feedback => feedback;

        public TaskCompletionSource<FeedbackStatus> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
