using System.Collections.Concurrent;
using MetaLlm.Simulator.Tasks;

namespace MetaLlm.Lab.Demo;

/// <summary>Sends the queries with bounded concurrency, checks the answers, and posts what the desk lets go.</summary>
/// <param name="client">The application.</param>
/// <param name="desk">Holds feedback back; null where nobody says anything.</param>
/// <param name="concurrency">Requests under way at once.</param>
internal sealed class DemoTraffic(DemoClient client, FeedbackDelay? desk, int concurrency)
{
    private const int LargestBatch = 50;
    private readonly ConcurrentQueue<DemoAnswer> _answers = new();
    private int _numbers;
    private long _sent;
    private long _acknowledged;
    private long _duplicates;

    /// <summary>The answers so far, in the order of arrival.</summary>
    public IReadOnlyCollection<DemoAnswer> Answers => _answers;

    /// <summary>Sends everything and waits until the policy has applied all acknowledged feedback.</summary>
    public async Task<FeedbackCount> RunAsync(IReadOnlyList<SimTask> tasks, CancellationToken cancellationToken)
    {
        await Parallel.ForEachAsync(
            tasks,
            new ParallelOptions { MaxDegreeOfParallelism = concurrency, CancellationToken = cancellationToken },
            async (task, stop) =>
            {
                var answer = await client.AskAsync(task, () => Interlocked.Increment(ref _numbers), stop);
                _answers.Enqueue(answer);
                await PostAsync(desk?.Exchange(answer) ?? [], stop);
            });
        await PostAsync(desk?.Drain() ?? [], cancellationToken);
        var applied = await client.RewardsAppliedAsync(cancellationToken);
        return new FeedbackCount(_sent, _acknowledged, applied, _duplicates);
    }

    private async Task PostAsync(IReadOnlyList<DemoAnswer> due, CancellationToken cancellationToken)
    {
        foreach (var batch in due.Chunk(LargestBatch))
        {
            var receipts = await client.PostFeedbackAsync(batch, cancellationToken);
            Interlocked.Add(ref _sent, batch.Length);
            Interlocked.Add(ref _acknowledged, receipts.Count(status => status == "accepted"));
            Interlocked.Add(ref _duplicates, receipts.Count(status => status == "duplicate"));
        }
    }
}
