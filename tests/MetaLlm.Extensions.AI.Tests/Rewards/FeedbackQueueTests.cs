using MetaLlm.Engine.Ports;
using MetaLlm.Engine.Routing;
using MetaLlm.Extensions.AI.Rewards;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace MetaLlm.Extensions.AI.Tests.Rewards;

public sealed class FeedbackQueueTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();
    private readonly FakeTimeProvider _time = new();
    private readonly Recorder _recorder = new();

    [Fact]
    public async Task What_is_sent_while_something_is_recorded_goes_together()
    {
        await using var queue = Create(null);
        var hold = _recorder.Hold();
        var first = queue.SendAsync(Feedback.Score("d0", 1));
        await _recorder.Entered;
        var others = Enumerable.Range(1, 5).Select(i => queue.SendAsync(Feedback.Score($"d{i}", 1))).ToList();
        hold.SetResult();

        Assert.All(await Task.WhenAll([first, .. others]), status => Assert.Equal(FeedbackStatus.Accepted, status));
        Assert.Equal(["d0", "d1 d2 d3", "d4 d5"], _recorder.Batches);
    }

    [Fact]
    public async Task What_cannot_be_recorded_is_kept_and_recorded_later_in_order()
    {
        using var files = Files();
        await using var queue = Create(files);
        _recorder.Error = new EngineUnavailableException("away");
        Assert.Equal(FeedbackStatus.Deferred, await queue.SendAsync(Feedback.Score("d1", 1)));
        Assert.Equal(FeedbackStatus.Deferred, await queue.SendAsync(Feedback.Score("d1", 0)));
        Assert.Empty(_recorder.Batches);

        _recorder.Error = null;
        await FlushAsync(queue);
        Assert.Equal(["d1=1", "d1=0"], _recorder.Recorded);
        Assert.Equal(FeedbackStatus.Accepted, await queue.SendAsync(Feedback.Score("d2", 1)));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task What_a_process_leaves_behind_the_next_one_records()
    {
        using (var files = Files())
        {
            await using var queue = Create(files);
            _recorder.Error = new EngineUnavailableException("away");
            Assert.Equal(FeedbackStatus.Deferred, await queue.SendAsync(Feedback.Thumb("d1", isUp: true, "good") with { OfConversation = true, IdempotencyKey = "k", Weight = 0.5 }));
        }

        _recorder.Error = null;
        using var later = Files();
        await using var next = Create(later);
        await next.FlushAsync();
        Assert.Equal(Feedback.Thumb("d1", isUp: true, "good") with { OfConversation = true, IdempotencyKey = "k", Weight = 0.5 }, Assert.Single(_recorder.All));
        Assert.Empty(Directory.EnumerateFiles(_directory.Path));
    }

    [Fact]
    public async Task Without_a_directory_whoever_sends_learns_of_the_outage()
    {
        await using var queue = Create(null);
        _recorder.Error = new EngineUnavailableException("away");
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => queue.SendAsync(Feedback.Score("d1", 1)));
        Assert.Equal(("engine_unavailable", true), (error.Code, error.IsUnavailable));

        _recorder.Error = null;
        Assert.Equal(FeedbackStatus.Accepted, await queue.SendAsync(Feedback.Score("d1", 1)));
    }

    [Fact]
    public async Task A_defect_of_one_batch_does_not_end_the_next_ones()
    {
        using var files = Files();
        await using var queue = Create(files);
        await queue.FlushAsync();
        _recorder.Error = new InvalidOperationException("defect");
        await Assert.ThrowsAsync<InvalidOperationException>(() => queue.SendAsync(Feedback.Score("d1", 1)));

        _recorder.Error = null;
        Assert.Equal(FeedbackStatus.Accepted, await queue.SendAsync(Feedback.Score("d2", 1)));
    }

    [Fact]
    public async Task A_queue_that_has_ended_takes_nothing()
    {
        var queue = Create(null);
        await queue.DisposeAsync();
        await queue.DisposeAsync();
        var error = await Assert.ThrowsAsync<MetaLlmException>(() => queue.SendAsync(Feedback.Score("d1", 1)));
        Assert.Equal("gateway_stopping", error.Code);
    }

    public void Dispose() => _directory.Dispose();

    private SpillFiles<KeptFeedback> Files() => new(_directory.Path, "feedback", KeptFeedbackJson.Default.KeptFeedback);

    private FeedbackQueue Create(SpillFiles<KeptFeedback>? files) =>
        new("app", _recorder, files, new FeedbackClientOptions { MostPerBatch = 3 }, _time, NullLogger.Instance);

    /// <summary>Time goes on for as long as the queue is behind.</summary>
    private async Task FlushAsync(FeedbackQueue queue)
    {
        var flushed = queue.FlushAsync();
        await Eventually.TrueAsync("all is recorded", () =>
        {
            _time.Advance(TimeSpan.FromSeconds(2));
            return flushed.IsCompleted;
        });
        await flushed;
    }

    private sealed class Recorder : IFeedbackRecorder
    {
        private readonly Lock _gate = new();
        private readonly List<Feedback[]> _batches = [];
        private readonly TaskCompletionSource _entered = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private volatile Exception? _error;
        private TaskCompletionSource? _hold;

        public Exception? Error
        {
            get => _error;
            set => _error = value;
        }

        public Task Entered => _entered.Task;

        public IReadOnlyList<Feedback> All
        {
            get
            {
                lock (_gate)
                {
                    return [.. _batches.SelectMany(batch => batch)];
                }
            }
        }

        public IReadOnlyList<string> Recorded => [.. All.Select(one => $"{one.DecisionId}={one.Reward}")];

        public IReadOnlyList<string> Batches
        {
            get
            {
                lock (_gate)
                {
                    return [.. _batches.Select(batch => string.Join(' ', batch.Select(one => one.DecisionId)))];
                }
            }
        }

        public TaskCompletionSource Hold() => _hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

        public async Task<IReadOnlyList<FeedbackStatus>> RecordAsync(string tenant, IReadOnlyList<Feedback> feedback, CancellationToken cancellationToken)
        {
            _entered.TrySetResult();
            if (_hold is { } hold)
            {
                await hold.Task;
            }

            if (_error is { } error)
            {
                throw error;
            }

            lock (_gate)
            {
                _batches.Add([.. feedback]);
            }

            return [.. feedback.Select(_ => FeedbackStatus.Accepted)];
        }
    }
}
